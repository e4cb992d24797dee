// The room: renderer, light with a soft shadow, ground grid, and a camera that follows a point and orbits around it.

import {
  CanvasTexture, Color, DirectionalLight, Fog, HemisphereLight, Mesh, MeshStandardMaterial, PCFShadowMap, PerspectiveCamera,
  PlaneGeometry, RepeatWrapping, Scene, SRGBColorSpace, Vector3, WebGLRenderer,
} from "./vendor/three.module.min.js";
import { OrbitControls } from "./vendor/OrbitControls.js";

const HORIZON = new Color(0xc3ccd3);
const GROUND_METRES = 80;
const TILE_METRES = 5; // the grid's texture repeats, and the ground moves along, in these steps
const SUN = new Vector3(2.6, 5.2, 2.2);
const FIRST_VIEW = new Vector3(2.1, 1.75, 3.6);
const FIRST_VIEW_PORTRAIT = new Vector3(2.9, 2.2, 5);
const CHEST = 0.9; // metres above the ground that the camera looks at
const PANEL_PIXELS = 70; // the picture moves up by so many CSS pixels, out of the sentence box's way
const SLOW_FRAME_MS = 40; // a software renderer: draw fewer pixels
const SMALLEST_RATIO = 0.7; // down to so many a CSS pixel

export class Stage {
  constructor(canvas) {
    this.renderer = new WebGLRenderer({ canvas, antialias: true });
    this.renderer.outputColorSpace = SRGBColorSpace;
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = PCFShadowMap;
    this.fineRatio = Math.min(window.devicePixelRatio, 2);
    this.pixelRatio = this.fineRatio; // less where drawing is slow
    this.fine = false;
    this.frameMs = 16;

    this.scene = new Scene();
    this.scene.background = HORIZON;
    this.scene.fog = new Fog(HORIZON, 12, 36);
    this.scene.add(new HemisphereLight(0xffffff, 0x9aa3ab, 1.5));
    this.sun = sun();
    this.scene.add(this.sun, this.sun.target);
    this.ground = ground(this.renderer.capabilities.getMaxAnisotropy());
    this.scene.add(this.ground);

    this.camera = new PerspectiveCamera(40, 1, 0.05, 100);
    this.camera.position.copy(window.innerWidth < window.innerHeight ? FIRST_VIEW_PORTRAIT : FIRST_VIEW);
    this.orbit = new OrbitControls(this.camera, canvas);
    this.orbit.target.set(0, CHEST, 0);
    this.orbit.enablePan = false;
    this.orbit.minDistance = 1.2;
    this.orbit.maxDistance = 14;
    this.orbit.maxPolarAngle = 0.495 * Math.PI; // never below the ground
    this.step = new Vector3();
    this.stale = true; // what is shown is not what would be drawn now
    this.orbit.addEventListener("change", () => (this.stale = true));
    this.resize();
    new ResizeObserver(() => this.resize()).observe(canvas.parentElement);
  }

  resize() {
    const { clientWidth, clientHeight } = this.renderer.domElement.parentElement;
    if (!clientWidth || !clientHeight) return;
    this.renderer.setPixelRatio(this.fine ? this.fineRatio : this.pixelRatio);
    this.renderer.setSize(clientWidth, clientHeight, false);
    this.camera.aspect = clientWidth / clientHeight;
    this.stale = true;
    this.camera.setViewOffset(clientWidth, clientHeight, 0, PANEL_PIXELS, clientWidth, clientHeight);
  }

  /** Move camera, light and ground towards the point; `seconds` since the last call. */
  follow(point, seconds) {
    const pull = 1 - Math.exp(-seconds / 0.15);
    this.step.set(point.x - this.orbit.target.x, 0, point.z - this.orbit.target.z).multiplyScalar(pull);
    this.orbit.target.add(this.step);
    this.camera.position.add(this.step);
    this.sun.target.position.set(this.orbit.target.x, 0, this.orbit.target.z);
    this.sun.position.copy(this.sun.target.position).add(SUN);
    this.ground.position.x = Math.round(this.orbit.target.x / TILE_METRES) * TILE_METRES;
    this.ground.position.z = Math.round(this.orbit.target.z / TILE_METRES) * TILE_METRES;
  }

  /** Turn the camera about its target by radians. */
  turn(yaw, pitch) {
    if (yaw) this.orbit.rotateLeft(yaw);
    if (pitch) this.orbit.rotateUp(pitch);
  }

  /** Where the camera looks on the ground, radians, 0 = +Z. */
  get yaw() {
    return Math.atan2(this.orbit.target.x - this.camera.position.x, this.orbit.target.z - this.camera.position.z);
  }

  /** Draw while time passes; seconds since the last call. A slow machine gets fewer pixels. */
  draw(seconds) {
    this.render(false);
    this.frameMs += 0.05 * (Math.min(1000 * seconds, 250) - this.frameMs);
    if (this.frameMs > SLOW_FRAME_MS && this.pixelRatio > SMALLEST_RATIO) {
      this.pixelRatio = Math.max(SMALLEST_RATIO, 0.8 * this.pixelRatio);
      this.frameMs = 16;
      this.resize();
    }
  }

  /** Draw a still picture, with all pixels, and only when it has changed. */
  drawStill() {
    this.orbit.update();
    if (this.stale || !this.fine) this.render(true);
  }

  render(fine) {
    if (fine !== this.fine) {
      this.fine = fine;
      this.frameMs = 16;
      this.resize();
    }
    this.orbit.update();
    this.renderer.render(this.scene, this.camera);
    this.stale = false;
  }
}

function sun() {
  const light = new DirectionalLight(0xfff4e2, 2.4);
  light.castShadow = true;
  light.shadow.mapSize.set(1024, 1024);
  light.shadow.radius = 5;
  light.shadow.bias = -0.0006;
  light.shadow.normalBias = 0.02;
  Object.assign(light.shadow.camera, { left: -2.2, right: 2.2, top: 2.2, bottom: -2.2, near: 1, far: 12 });
  return light;
}

function ground(anisotropy) {
  const pixels = 1024;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = pixels;
  const paint = canvas.getContext("2d");
  paint.fillStyle = "#aab4bc";
  paint.fillRect(0, 0, pixels, pixels);
  const cells = 2 * TILE_METRES; // half-metre cells, whole metres drawn stronger
  for (let line = 0; line <= cells; line++) {
    const at = (line * pixels) / cells;
    paint.fillStyle = line % 2 ? "#a2acb5" : "#8c97a1";
    const width = line % 2 ? 2 : 3;
    paint.fillRect(at - width / 2, 0, width, pixels);
    paint.fillRect(0, at - width / 2, pixels, width);
  }
  const texture = new CanvasTexture(canvas);
  texture.colorSpace = SRGBColorSpace;
  texture.wrapS = texture.wrapT = RepeatWrapping;
  texture.repeat.setScalar(GROUND_METRES / TILE_METRES);
  texture.anisotropy = Math.min(8, anisotropy);
  const plane = new Mesh(
    new PlaneGeometry(GROUND_METRES, GROUND_METRES).rotateX(-Math.PI / 2),
    new MeshStandardMaterial({ map: texture, roughness: 1 }),
  );
  plane.receiveShadow = true;
  return plane;
}
