import {
  Color,
  ColorManagement,
  Group,
  IcosahedronGeometry,
  LinearSRGBColorSpace,
  type LineSegments,
  PerspectiveCamera,
  Scene,
  type WebGPURenderer,
  WireframeGeometry,
} from 'three/webgpu';
import type { RecordedBlock } from '../engine/engine.js';
import { populationSign } from '../model/circuit.js';
import type { Network } from '../network/network.js';
import { COLOR, type PopulationStyle, populationStyles } from '../report/theme.js';
import { createFixtures, disposeGroup, extent_um, lines } from './fixtures.js';
import { createNeuronGlyphs, type NeuronGlyphs } from './neuron_glyphs.js';
import { createProjectionLines } from './neuron_projections.js';

/** A flash lasts at least this long in simulated time, ms. */
const SHORTEST_FLASH_ms = 6;
/** Spikes of this last stretch of a block are fresh in the picture that follows it, ms. */
const FRESH_ms = 10;
/** Share of the neurons that may flash at full brightness at once: more of them flash dimmer, so that no field flashes. */
const BRIGHT_SHARE = 0.15;

/** How each population of a network is drawn, in the scene as in every plot. */
export function stylesOf({ circuit, populations }: Network): PopulationStyle[] {
  return populationStyles(
    populations.map(({ name, first, count }) => ({
      name,
      neurons: Uint32Array.from({ length: count }, (_, i) => first + i),
      sign: populationSign(circuit, name),
    })),
  );
}

/** Colours are given and shown as they are: no lights, no tone mapping, so no pass over the finished picture. */
export function useDisplayColors(renderer: WebGPURenderer): void {
  ColorManagement.enabled = false;
  renderer.outputColorSpace = LinearSRGBColorSpace;
}

/** The tissue in 3D, drawn from the state buffer of the engine that simulates it. */
export class ColumnScene {
  readonly scene = new Scene();
  readonly camera = new PerspectiveCamera(40);
  private readonly styles: readonly PopulationStyle[];
  private readonly glyphs: NeuronGlyphs;
  private readonly fixtures: Group;
  private readonly mark: LineSegments;
  private projections: LineSegments | null = null;
  private flashing = 0;

  /** `stateBuffer`: the engine's, on the renderer's device. */
  constructor(
    renderer: WebGPURenderer,
    readonly network: Network,
    stateBuffer: GPUBuffer,
  ) {
    this.styles = stylesOf(network);
    const { radius, height } = extent_um(network.circuit.geometry);
    const spacing_um = Math.cbrt((Math.PI * radius ** 2 * height) / network.neurons);
    const glyph_um = 0.22 * Math.min(spacing_um, 1.2 * radius);
    this.glyphs = createNeuronGlyphs(renderer, network, stateBuffer, this.styles, glyph_um);
    this.fixtures = createFixtures(network.circuit, 0.03 * radius);
    const around = new WireframeGeometry(new IcosahedronGeometry(1.9 * glyph_um, 1));
    this.mark = lines(around.getAttribute('position').array, COLOR.text);
    this.mark.visible = false;
    this.scene.background = new Color(COLOR.page);
    this.scene.add(this.fixtures, this.glyphs.object, this.mark);
    this.camera.up.set(0, 0, 1);
    const distance = 2.3 * Math.hypot(radius, height / 2 + 0.2 * radius);
    this.camera.position.set(0.62 * distance, -0.95 * distance, 0.42 * distance);
    this.camera.near = 0.01 * distance;
    this.camera.far = 20 * distance;
    this.camera.lookAt(0, 0, 0);
  }

  /** Takes the viewpoint of another scene of the same tissue. */
  takeViewOf({ camera }: ColumnScene): void {
    this.camera.position.copy(camera.position);
    this.camera.quaternion.copy(camera.quaternion);
  }

  /** Makes the spikes of a block flash. */
  showSpikes(block: RecordedBlock, dtMs: number): void {
    this.glyphs.flash(block.spikeNeurons, block.spikeSteps, dtMs);
    const fresh = block.spikeNeurons.filter(
      (_, k) => (block.stepsDone - block.spikeSteps[k]) * dtMs <= FRESH_ms,
    );
    const share = new Set(fresh).size / this.network.neurons;
    this.flashing = Math.max(0.9 * this.flashing, share);
  }

  /**
   * Simulated time of the picture. A flash decays over `wallFlashMs` of the viewer's time where the simulation runs at
   * `realTimeFactor`, so that it can be seen at any speed; null: nothing flashes.
   */
  setTime(timeMs: number, realTimeFactor: number, wallFlashMs: number | null): void {
    const decayMs = Math.max(SHORTEST_FLASH_ms, (wallFlashMs ?? 0) * realTimeFactor);
    const gain = wallFlashMs === null ? 0 : Math.min(1, BRIGHT_SHARE / Math.max(this.flashing, 1e-6));
    this.glyphs.setTime(timeMs, decayMs, gain);
  }

  /** Marks a neuron and draws its projections; null removes both. */
  pick(neuron: number | null): void {
    if (this.projections) {
      this.scene.remove(this.projections);
      disposeGroup(new Group().add(this.projections));
      this.projections = null;
    }
    this.mark.visible = neuron !== null;
    if (neuron === null) return;
    this.mark.position.fromArray(this.network.positions_um, 3 * neuron);
    const population = this.network.populations.findIndex((p) => neuron < p.first + p.count);
    this.projections = createProjectionLines(this.network, neuron, this.styles[population].color);
    this.scene.add(this.projections);
  }

  setAspect(aspect: number): void {
    this.camera.aspect = aspect;
    this.camera.updateProjectionMatrix();
  }

  /** Frees what the scene holds; the engine's buffer stays. */
  dispose(): void {
    this.pick(null);
    this.glyphs.dispose();
    disposeGroup(this.fixtures);
    disposeGroup(new Group().add(this.mark));
  }
}
