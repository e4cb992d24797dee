// The picture: renderer, scene, and a camera that follows a point and orbits around it.

import {
  Color, Fog, HemisphereLight, PCFShadowMap, PerspectiveCamera, Scene, SRGBColorSpace, Vector3, WebGLRenderer,
} from "./vendor/three.module.min.js";
import { OrbitControls } from "./vendor/OrbitControls.js";
import { Ground } from "./ground.js";
import { openContext, Quality } from "./quality.js";

const HORIZON = new Color(0xc6ced5);
const FIRST_VIEW = new Vector3(2.1, 1.75, 3.6);
const FIRST_VIEW_PORTRAIT = new Vector3(2.9, 2.2, 5);
const CHEST = 0.9; // metres above the ground that the camera looks at
const PANEL_PIXELS = 70; // the picture moves up by so many CSS pixels, out of the sentence box's way
const FEW_METRES = 4; // from the point: more is a crowd, and is looked down upon
const LOOK_DOWN = 0.42; // on a crowd: height of the camera by its distance
const NEAR_SHADOW = 1.35; // metres around the point where shadows fall

export class Stage {
  constructor(canvas) {
    const { context, hasGpu } = openContext(canvas);
    this.renderer = new WebGLRenderer({ canvas, context });
    this.renderer.outputColorSpace = SRGBColorSpace;
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = PCFShadowMap;
    this.quality = new Quality(this.renderer, hasGpu, () => this.resize());

    this.scene = new Scene();
    this.scene.background = HORIZON;
    this.scene.fog = new Fog(HORIZON, 12, 36);
    this.scene.add(new HemisphereLight(0xffffff, 0x9aa3ab, 1.7));
    this.ground = new Ground(this.scene);

    this.camera = new PerspectiveCamera(40, 1, 0.05, 100);
    this.camera.position.copy(window.innerWidth < window.innerHeight ? FIRST_VIEW_PORTRAIT : FIRST_VIEW);
    this.orbit = new OrbitControls(this.camera, canvas);
    this.orbit.target.set(0, CHEST, 0);
    this.orbit.enablePan = false;
    this.orbit.minDistance = 1.2;
    this.orbit.maxDistance = 30;
    this.orbit.maxPolarAngle = 0.495 * Math.PI; // never below the ground
    this.step = new Vector3();
    this.shadowRadius = NEAR_SHADOW;
    this.stale = true; // what is shown is not what would be drawn now
    this.orbit.addEventListener("change", () => (this.stale = true));
    this.ground.follow(this.orbit.target, this.shadowRadius);
    this.resize();
    new ResizeObserver(() => this.resize()).observe(canvas.parentElement);
  }

  resize() {
    const { clientWidth, clientHeight } = this.renderer.domElement.parentElement;
    if (!clientWidth || !clientHeight) return;
    this.renderer.setPixelRatio(this.quality.pixelRatio);
    this.renderer.setSize(clientWidth, clientHeight, false);
    this.camera.aspect = clientWidth / clientHeight;
    this.stale = true;
    this.camera.setViewOffset(clientWidth, clientHeight, 0, PANEL_PIXELS, clientWidth, clientHeight);
  }

  /** How far from the point characters stand, metres: the camera moves back so far, and shadows reach there. */
  spread(metres) {
    const away = this.camera.position.clone().sub(this.orbit.target);
    if (metres > FEW_METRES) away.y = Math.max(away.y, LOOK_DOWN * Math.hypot(away.x, away.z));
    const wanted = Math.min(this.orbit.maxDistance, FIRST_VIEW.length() + 1.1 * metres);
    this.camera.position.copy(this.orbit.target).add(away.setLength(wanted));
    this.shadowRadius = NEAR_SHADOW + metres;
    this.scene.fog.near = 12 + 2 * metres;
    this.scene.fog.far = 36 + 2 * metres;
    this.stale = true;
  }

  /** Move camera, light and ground towards the point {x, z}; `seconds` since the last call. */
  follow(point, seconds) {
    const pull = 1 - Math.exp(-seconds / 0.15);
    this.step.set(point.x - this.orbit.target.x, 0, point.z - this.orbit.target.z).multiplyScalar(pull);
    this.orbit.target.add(this.step);
    this.camera.position.add(this.step);
    this.ground.follow(this.orbit.target, this.shadowRadius);
  }

  /** Turn the camera about its target by radians. */
  turn({ yaw, pitch }) {
    if (yaw) this.orbit.rotateLeft(yaw);
    if (pitch) this.orbit.rotateUp(pitch);
  }

  /** Where the camera looks on the ground, radians, 0 = +Z. */
  get yaw() {
    return Math.atan2(this.orbit.target.x - this.camera.position.x, this.orbit.target.z - this.camera.position.z);
  }

  /** Draw while time passes; seconds since the last call. A slow machine gets fewer pixels and shadows. */
  draw(seconds) {
    this.quality.moving(seconds);
    this.render();
  }

  /** Draw a still picture, as fine as can be, and only when it has changed. */
  drawStill() {
    this.quality.still();
    this.orbit.update();
    if (this.stale) this.render();
  }

  render() {
    this.orbit.update();
    this.ground.soft = this.quality.soft;
    this.renderer.render(this.scene, this.camera);
    this.stale = false;
  }
}
