// @ts-check
/**
 * The thread of hdf5_file.ts: HDF5's own library, which reads what it is asked for. JavaScript, so that it also runs
 * where the sources do.
 */
import { workerData } from 'node:worker_threads';
import { Dataset, File, Group, ready } from 'h5wasm/node';

/** @import { Answer, Hdf5Object, Hdf5Question } from './hdf5_file.js' */

/** What the library may take in all; a damaged length must not take the machine's memory. */
const MOST_BYTES = 2 ** 30;
const PAGE_BYTES = 2 ** 16;
const { grow } = WebAssembly.Memory.prototype;
WebAssembly.Memory.prototype.grow = function (pages) {
  if (this.buffer.byteLength + pages * PAGE_BYTES > MOST_BYTES)
    throw new RangeError(`HDF5 asked for more than ${MOST_BYTES} bytes`);
  return grow.call(this, pages);
};

/** @type {File | null} */
let file = null;

/** @param {string} path */
function requireDataset(path) {
  const object = file?.get(path);
  if (object instanceof Dataset) return object;
  throw new Error(`there is no dataset /${path}`);
}

/** @param {string} path @returns {Hdf5Object | null} */
function objectAt(path) {
  const object = file?.get(path);
  if (object instanceof Group) return { kind: 'group', keys: object.keys() };
  if (!(object instanceof Dataset)) return null;
  const { shape, size } = object.metadata;
  return { kind: 'dataset', shape: shape ? Array.from(shape, Number) : null, valueBytes: size };
}

/** @param {string} path */
function attributesOf(path) {
  const object = file?.get(path);
  if (!(object instanceof Group || object instanceof Dataset)) return {};
  return Object.fromEntries(Object.entries(object.attrs).map(([name, { value }]) => [name, { value }]));
}

/** @param {Hdf5Question} question */
function answer(question) {
  switch (question.what) {
    case 'open':
      file = new File(question.path, 'r');
      return null;
    case 'close':
      file?.close();
      file = null;
      return null;
    case 'object':
      return objectAt(question.path);
    case 'attributes':
      return attributesOf(question.path);
    case 'value':
      return requireDataset(question.path).value;
    case 'slice':
      return requireDataset(question.path).slice(question.ranges);
    default:
      throw new Error(`unknown question ${JSON.stringify(question)}`);
  }
}

const library = await ready;
library.activate_throwing_error_handler();
/** @type {{ port: import('node:worker_threads').MessagePort, answered: Int32Array }} */
const { port, answered } = workerData;
/** @param {Answer} message */
const reply = (message) => {
  port.postMessage(message);
  Atomics.store(answered, 0, 1);
  Atomics.notify(answered, 0);
};
port.on('message', (/** @type {Hdf5Question} */ question) => {
  try {
    reply({ result: answer(question) });
  } catch (error) {
    reply({ error: String(error instanceof Error ? error.message : error) });
  }
});
port.postMessage({ result: 'ready' });
