"""Writes the .meta files that Unity wants beside every file and folder of the package, with GUIDs that follow from the path:
`python tests/engine_bridge/unity/make_meta.py`. Those that exist stay, since scenes refer to scripts by GUID."""

import uuid
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[3] / "engine_bridge" / "unity" / "com.motionwire.client"
NAMESPACE = uuid.UUID("6d1c1f1e-52f4-4f8e-9d53-2d6f4f3a7c11")
IMPORTERS = {
    ".cs": "MonoImporter:\n  externalObjects: {}\n  serializedVersion: 2\n  defaultReferences: []\n  executionOrder: 0\n"
    "  icon: {instanceID: 0}\n",
    ".asmdef": "AssemblyDefinitionImporter:\n  externalObjects: {}\n",
    ".json": "PackageManifestImporter:\n  externalObjects: {}\n",
    ".md": "TextScriptImporter:\n  externalObjects: {}\n",
}
TAIL = "  userData: \n  assetBundleName: \n  assetBundleVariant: \n"


def assets() -> Iterator[Path]:
    """Everything that Unity imports: what stands in `Samples~` once it is copied into a project, but neither that folder itself nor the
    documentation, which Unity does not see."""
    for path in sorted(PACKAGE.rglob("*")):
        parts = path.relative_to(PACKAGE).parts
        if path.suffix != ".meta" and parts[0] != "Documentation~" and path.name != "Samples~":
            yield path


def meta_of(path: Path) -> Path:
    """Where the .meta of an asset stands."""
    return path.with_name(path.name + ".meta")


def text_of(path: Path) -> str:
    """What a new .meta says."""
    guid = uuid.uuid5(NAMESPACE, path.relative_to(PACKAGE).as_posix()).hex
    importer = "folderAsset: yes\nDefaultImporter:\n  externalObjects: {}\n" if path.is_dir() else IMPORTERS[path.suffix]
    return f"fileFormatVersion: 2\nguid: {guid}\n{importer}{TAIL}"


if __name__ == "__main__":
    for asset in assets():
        if not meta_of(asset).exists():
            meta_of(asset).write_text(text_of(asset))
