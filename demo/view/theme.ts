/** The page has the colours of the dashboard. */
export { COLOR, type PopulationStyle } from '../../src/scene/index.js';
