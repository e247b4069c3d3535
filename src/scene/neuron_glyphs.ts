import {
  attribute,
  exp,
  float,
  instanceIndex,
  max,
  mix,
  normalLocal,
  positionLocal,
  smoothstep,
  storage,
  uint,
  uniform,
  varying,
  vec3,
} from 'three/tsl';
import {
  BoxGeometry,
  type BufferGeometry,
  Color,
  ConeGeometry,
  Group,
  IcosahedronGeometry,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  Mesh,
  MeshBasicNodeMaterial,
  OctahedronGeometry,
  type WebGPURenderer,
} from 'three/webgpu';
import type { Network } from '../network/network.js';
import { spikeTimeMs } from '../recording/recording.js';
import type { PopulationStyle } from '../report/theme.js';
import { deviceOf, shareBuffer } from './shared_attribute.js';

/** Membrane potentials between which brightness rises, mV. */
const DARK_mV = -90;
const BRIGHT_mV = -45;
/** Where the light comes from, for shading that needs no lights. */
const LIGHT = vec3(0.4, -0.5, 0.77);
/** A time so long ago that no flash of it is left, ms. */
const NEVER_ms = -1e9;

export interface NeuronGlyphs {
  readonly object: Group;
  /** Makes neurons (network-wide numbers) flash from the end of these steps on. An upload, nothing is read back. */
  flash(neurons: Uint32Array, steps: Uint32Array, dtMs: number): void;
  /** Simulated time of the picture, the decay time of a flash, ms, and the brightness of a fresh flash, 0..1. */
  setTime(timeMs: number, decayMs: number, gain: number): void;
  dispose(): void;
}

/**
 * One glyph a neuron at its position: shape and colour by population, brightness by the membrane potential, which the
 * vertex shader reads from the first row of the engine's state buffer.
 *
 * @param radius_um of a glyph
 */
export function createNeuronGlyphs(
  renderer: WebGPURenderer,
  network: Network,
  stateBuffer: GPUBuffer,
  styles: readonly PopulationStyle[],
  radius_um: number,
): NeuronGlyphs {
  const device = deviceOf(renderer);
  const { neurons, populations, positions_um } = network;
  const lastSpikes = new Float32Array(neurons).fill(NEVER_ms);
  const spikeBuffer = device.createBuffer({
    label: 'last spikes',
    size: lastSpikes.byteLength,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
  });
  device.queue.writeBuffer(spikeBuffer, 0, lastSpikes);
  const potential = shareBuffer(renderer, stateBuffer, neurons);
  const spiked = shareBuffer(renderer, spikeBuffer, neurons);
  const timeMs = uniform(0);
  const decayMs = uniform(30);
  const gain = uniform(1);

  const object = new Group();
  const owned: { dispose(): void }[] = [];
  populations.forEach(({ first, count }, p) => {
    const shape = shapeOf(styles[p].symbol, radius_um);
    const geometry = new InstancedBufferGeometry();
    geometry.index = shape.index;
    geometry.setAttribute('position', shape.getAttribute('position'));
    geometry.setAttribute('normal', shape.getAttribute('normal'));
    geometry.setAttribute(
      'soma',
      new InstancedBufferAttribute(positions_um.slice(3 * first, 3 * (first + count)), 3),
    );
    geometry.instanceCount = count;

    const neuron = instanceIndex.add(uint(first));
    const V = storage(potential.attribute, 'float', neurons).toReadOnly().element(neuron);
    const lastSpike = storage(spiked.attribute, 'float', neurons).toReadOnly().element(neuron);
    const flash = exp(max(timeMs.sub(lastSpike), 0).div(decayMs).negate()).mul(gain);
    const { r, g, b } = new Color(styles[p].color);
    const shade = max(normalLocal.dot(LIGHT), 0).mul(0.55).add(0.45);
    const lit = smoothstep(float(DARK_mV), float(BRIGHT_mV), V).mul(0.62).add(0.16);
    const color = mix(vec3(r, g, b).mul(lit), mix(vec3(r, g, b), vec3(1, 1, 1), 0.55), flash).mul(shade);

    const material = new MeshBasicNodeMaterial();
    material.positionNode = attribute('soma', 'vec3').add(positionLocal.mul(flash.mul(0.5).add(1)));
    material.colorNode = varying(color);
    const mesh = new Mesh(geometry, material);
    mesh.frustumCulled = false;
    object.add(mesh);
    owned.push(geometry, material);
  });

  return {
    object,
    flash: (spiking, steps, dtMs) => {
      if (spiking.length === 0) return;
      spiking.forEach((neuron, k) => {
        lastSpikes[neuron] = spikeTimeMs(steps[k], dtMs);
      });
      device.queue.writeBuffer(spikeBuffer, 0, lastSpikes);
    },
    setTime: (now, decay, freshGain) => {
      timeMs.value = now;
      decayMs.value = decay;
      gain.value = freshGain;
    },
    dispose: () => {
      potential.release();
      spiked.release();
      for (const part of owned) part.dispose();
      spikeBuffer.destroy();
    },
  };
}

/** Flat-shaded, few triangles: a hundred thousand of them have to be drawn. */
function shapeOf(symbol: PopulationStyle['symbol'], radius_um: number): BufferGeometry {
  switch (symbol) {
    case 'circle':
      return new IcosahedronGeometry(radius_um, 0);
    case 'triangle': {
      const cone = new ConeGeometry(1.2 * radius_um, 2 * radius_um, 4);
      return cone.rotateX(Math.PI / 2);
    }
    case 'square': {
      const side = 1.6 * radius_um;
      return new BoxGeometry(side, side, side);
    }
    case 'diamond':
      return new OctahedronGeometry(1.4 * radius_um, 0);
  }
}
