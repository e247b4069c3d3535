import {
  attribute,
  exp,
  float,
  instanceIndex,
  max,
  mix,
  normalLocal,
  positionLocal,
  select,
  smoothstep,
  storage,
  uint,
  uniform,
  varying,
  vec3,
} from 'three/tsl';
import { Color, Group, Mesh, MeshBasicNodeMaterial, type WebGPURenderer } from 'three/webgpu';
import type { Network } from '../network/network.js';
import { spikeTimeMs } from '../recording/recording.js';
import type { PopulationStyle } from '../report/theme.js';
import { glyphShape, instancesOf } from './glyph_shapes.js';
import { deviceOf, shareBuffer } from './shared_attribute.js';

/** Membrane potentials between which brightness rises, mV. */
const DARK_mV = -90;
const BRIGHT_mV = -45;
/** Where the light comes from, for shading that needs no lights. */
const LIGHT = vec3(0.4, -0.5, 0.77);
/**
 * Glyphs of one instance. Each instance costs extra time on every adapter, much on software adapters, so glyphs are
 * grouped by the dozen.
 */
const COPIES = 64;
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
 * One glyph per neuron at its position: shape and colour by population, brightness by the membrane potential, which
 * the vertex shader reads from the first row of the engine's state buffer.
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
  const storageOf = (label: string, values: Float32Array) => {
    const buffer = device.createBuffer({
      label,
      size: values.byteLength,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
    });
    device.queue.writeBuffer(buffer, 0, values as Float32Array<ArrayBuffer>);
    return buffer;
  };
  const lastSpikes = new Float32Array(neurons).fill(NEVER_ms);
  const spikeBuffer = storageOf('last spikes', lastSpikes);
  const somaBuffer = storageOf('somas', positions_um);
  const shared = {
    potential: shareBuffer(renderer, stateBuffer, neurons),
    lastSpike: shareBuffer(renderer, spikeBuffer, neurons),
    soma: shareBuffer(renderer, somaBuffer, 3 * neurons),
  };
  const potential = storage(shared.potential.attribute, 'float', neurons).toReadOnly();
  const lastSpike = storage(shared.lastSpike.attribute, 'float', neurons).toReadOnly();
  const soma = storage(shared.soma.attribute, 'float', 3 * neurons).toReadOnly();
  const timeMs = uniform(0);
  const decayMs = uniform(30);
  const gain = uniform(1);

  const object = new Group();
  const owned: { dispose(): void }[] = [];
  populations.forEach(({ first, count }, p) => {
    const copies = Math.min(count, COPIES);
    const shape = glyphShape(styles[p].symbol, radius_um);
    const geometry = instancesOf(shape, copies, Math.ceil(count / copies));

    // As uniforms, not as constants: every population then has the same shader, which is compiled once.
    const member = instanceIndex.mul(uniform(copies, 'uint')).add(attribute('member', 'uint'));
    // The last instance has unused members, which have no size.
    const isThere = member.lessThan(uniform(count, 'uint'));
    const neuron = select(isThere, member, uint(0)).add(uniform(first, 'uint'));
    const sinceSpike = max(timeMs.sub(lastSpike.element(neuron)), 0);
    const flash = exp(sinceSpike.div(decayMs).negate()).mul(gain);
    const coordinate = (axis: number) => soma.element(neuron.mul(uint(3)).add(uint(axis)));
    const hue = uniform(new Color(styles[p].color));
    const shade = max(normalLocal.dot(LIGHT), 0).mul(0.55).add(0.45);
    const lit = smoothstep(float(DARK_mV), float(BRIGHT_mV), potential.element(neuron)).mul(0.62).add(0.16);
    const color = mix(hue.mul(lit), mix(hue, vec3(1, 1, 1), 0.55), flash).mul(shade);

    const material = new MeshBasicNodeMaterial();
    const size = flash
      .mul(0.5)
      .add(1)
      .mul(select(isThere, float(1), float(0)));
    material.positionNode = vec3(coordinate(0), coordinate(1), coordinate(2)).add(positionLocal.mul(size));
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
      for (const { release } of Object.values(shared)) release();
      for (const part of owned) part.dispose();
      spikeBuffer.destroy();
      somaBuffer.destroy();
    },
  };
}
