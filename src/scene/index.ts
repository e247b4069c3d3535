/** The network in 3D with three.js, for the page and for pictures in Node. */

export { COLOR, type PopulationStyle } from '../report/theme.js';
export { ColumnScene, stylesOf, useDisplayColors } from './column_scene.js';
export { targetsOf } from './neuron_projections.js';
export { neuronAt } from './picking.js';
