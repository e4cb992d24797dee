// The ground: a disc with a metre grid under the camera's target, and the sun, whose soft shadow falls on a patch of it.
//
// Without a GPU every pixel counts: the grid is a formula (a texture that is sharp at low angles took ten times as long), and only the
// patch looks up shadows.

import {
  CircleGeometry, Color, DirectionalLight, Group, Mesh, ShaderMaterial, ShadowMaterial, UniformsLib, UniformsUtils, Vector3,
} from "./vendor/three.module.min.js";

const METRES = 70; // the disc's radius; fog hides its rim
const FLOOR = new Color(0xb4bdc4);
const LINES = new Color(0x8d99a3);
export const SUN = new Vector3(2.6, 5.2, 2.2); // where it stands over what it lights
const SHADOW_PIXELS = 512; // of the map's width
const SHADOW_SHIFT = 0.09; // of SUN: a shadow's middle lies so far on the other side of the figure
const TALL = 2.4; // metres that a figure with raised hands reaches

export class Ground {
  constructor(scene) {
    this.floor = new Mesh(new CircleGeometry(METRES, 48).rotateX(-Math.PI / 2), floorMaterial());
    this.patch = new Mesh(new CircleGeometry(1, 48).rotateX(-Math.PI / 2), new ShadowMaterial({ opacity: 0.32 }));
    this.patch.receiveShadow = true;
    this.patch.position.y = 0.002;
    this.sun = sun();
    this.simple = new Group(); // what figures put there stands for the soft shadow where that takes too long
    scene.add(this.floor, this.patch, this.simple, this.sun, this.sun.target);
  }

  /** Whether the sun's soft shadow falls, or a simple one. */
  set soft(soft) {
    this.sun.castShadow = soft;
    this.patch.visible = soft;
    this.simple.visible = !soft;
  }

  /** Keep under and above the point; radius: of the place where shadows fall, metres. */
  follow({ x, z }, radius) {
    this.floor.position.set(x, 0, z);
    this.patch.position.x = x - SHADOW_SHIFT * SUN.x;
    this.patch.position.z = z - SHADOW_SHIFT * SUN.z;
    this.sun.target.position.copy(this.patch.position);
    this.sun.position.copy(SUN).setLength(radius + TALL + 1).add(this.patch.position);
    if (this.radius === radius) return;
    this.radius = radius;
    this.patch.scale.set(radius, 1, radius);
    const camera = this.sun.shadow.camera;
    Object.assign(camera, { left: -radius, right: radius, top: radius, bottom: -radius, near: 0.1, far: 2 * (radius + TALL) + 1 });
    camera.updateProjectionMatrix();
  }
}

function sun() {
  const light = new DirectionalLight(0xfff4e2, 2.4);
  light.shadow.mapSize.set(SHADOW_PIXELS, SHADOW_PIXELS);
  light.shadow.radius = 5;
  light.shadow.bias = -0.0006;
  light.shadow.normalBias = 0.02;
  return light;
}

// Lines that stay even at every distance: Ben Golus, "The Best Darn Grid Shader (Yet)", 2023.
function floorMaterial() {
  return new ShaderMaterial({
    fog: true,
    uniforms: UniformsUtils.merge([UniformsLib.fog, { floorColor: { value: FLOOR }, lineColor: { value: LINES } }]),
    vertexShader: `
      #include <fog_pars_vertex>
      varying vec2 place;
      void main() {
        vec4 world = modelMatrix * vec4(position, 1.0);
        place = world.xz;
        vec4 mvPosition = viewMatrix * world;
        gl_Position = projectionMatrix * mvPosition;
        #include <fog_vertex>
      }`,
    fragmentShader: `
      #include <fog_pars_fragment>
      uniform vec3 floorColor, lineColor;
      varying vec2 place;
      // How much of the pixel is line, for a grid of cells of one unit
      float grid(vec2 at, vec2 pixel, float width) {
        vec2 drawn = clamp(vec2(width), pixel, vec2(0.5));
        vec2 edge = 1.5 * pixel;
        vec2 near = abs(fract(at + 0.5) - 0.5) * 2.0;
        vec2 line = 1.0 - smoothstep(drawn - edge, drawn + edge, near);
        line *= clamp(width / drawn, 0.0, 1.0);
        line = mix(line, vec2(width), clamp(2.0 * pixel - 1.0, 0.0, 1.0));
        return mix(line.x, 1.0, line.y);
      }
      void main() {
        vec2 pixel = fwidth(place);
        float line = max(grid(place, pixel, 0.022), 0.35 * grid(2.0 * place, 2.0 * pixel, 0.02));
        gl_FragColor = vec4(mix(floorColor, lineColor, line), 1.0);
        #include <colorspace_fragment>
        #include <fog_fragment>
      }`,
  });
}
