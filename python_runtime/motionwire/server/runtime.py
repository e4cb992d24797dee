"""From settings to a bound server: the bundle is loaded and checked, its models opened."""

from typing import Any

from motionwire.bundle import Bundle, default
from motionwire.character import Cast
from motionwire.controller.controller import Controller
from motionwire.generator.generator import Generator
from motionwire.server.messages import Model
from motionwire.server.metrics import Metrics
from motionwire.server.server import Server
from motionwire.server.settings import Settings

SENTENCE_GRAPH = "text_to_motion_step"  # a bundle without it only walks


class TimedBundle(Bundle):
    """A bundle whose graphs' runs are timed."""

    metrics: Metrics

    def session(self, graph: str, threads: int = 1) -> Any:
        """As Bundle.session."""
        return self.metrics.timed(graph, super().session(graph, threads))

    def text_encoder(self) -> Bundle:
        """As Bundle.text_encoder."""
        found = super().text_encoder()
        timed = TimedBundle(found.folder, found.manifest)
        timed.metrics = self.metrics
        return timed


def open_server(settings: Settings, metrics: Metrics) -> tuple[Server, Bundle]:
    """A server that is bound but does not run yet, and its bundle; raises InputError."""
    bundle = TimedBundle.load(settings.bundle or default())
    bundle.metrics = metrics
    controller = Controller(bundle, settings.controller, settings.threads)
    speaks = SENTENCE_GRAPH in bundle.manifest.graphs
    generator = Generator(bundle, threads=settings.generator_threads) if speaks else None
    cast = Cast(controller, generator, bundle.skeleton)
    manifest = bundle.manifest
    model = Model(
        name=manifest.name,
        version=manifest.version,
        licence=manifest.licence,
        commercial_use=manifest.commercial_use,
        styles=list(cast.styles),
        fps=float(manifest.fps.get("controller", 60)),
        acts=cast.can_act,
    )
    return Server(cast, [model], settings, metrics), bundle
