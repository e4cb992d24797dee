// A soft dark spot on the ground under each of many figures that throw no shadow: it shows where they stand.

import { CanvasTexture, CircleGeometry, MeshBasicMaterial } from "./vendor/three.module.min.js";
import { commit, dismiss, instances, lay } from "./instances.js";

const RADIUS = 0.42; // metres
const HEIGHT = 0.004; // over the ground
const PIXELS = 64;

export class Blobs {
  constructor(scene, figures) {
    this.figures = figures;
    const material = new MeshBasicMaterial({ map: spot(), transparent: true, depthWrite: false });
    this.mesh = instances(scene, new CircleGeometry(RADIUS, 20).rotateX(-Math.PI / 2), material, figures.capacity);
  }

  /** Under the first `count` figures. */
  show(count) {
    for (let index = 0; index < count; index++) {
      const [x, , z] = this.figures.worldOf(index);
      lay(this.mesh, index, x, HEIGHT, z, 1);
    }
    commit(this.mesh, count);
  }

  dispose() {
    dismiss(this.mesh);
  }
}

function spot() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = PIXELS;
  const paint = canvas.getContext("2d");
  const fade = paint.createRadialGradient(PIXELS / 2, PIXELS / 2, 0, PIXELS / 2, PIXELS / 2, PIXELS / 2);
  fade.addColorStop(0, "rgb(20 28 36 / 42%)");
  fade.addColorStop(0.5, "rgb(20 28 36 / 20%)");
  fade.addColorStop(1, "rgb(20 28 36 / 0%)");
  paint.fillStyle = fade;
  paint.fillRect(0, 0, PIXELS, PIXELS);
  return new CanvasTexture(canvas);
}
