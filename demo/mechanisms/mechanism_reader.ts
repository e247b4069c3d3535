import type { Reading, ReadingRequest } from './reading.js';

/** Reads texts in a worker, one at a time; of those that come meanwhile only the last is read. */
export class MechanismReader {
  private worker: Worker | null = null;
  private isBusy = false;
  private next: ReadingRequest | null = null;

  /** `onRead` gets what each text that was read says. */
  constructor(private readonly onRead: (reading: Reading, request: ReadingRequest) => void) {}

  read(request: ReadingRequest): void {
    this.next = request;
    if (!this.isBusy) this.begin();
  }

  private begin(): void {
    const request = this.next;
    if (!request) return;
    this.next = null;
    this.isBusy = true;
    this.worker ??= new Worker(new URL('./reading_worker.ts', import.meta.url), { type: 'module' });
    const end = (reading: Reading) => {
      this.isBusy = false;
      this.onRead(reading, request);
      this.begin();
    };
    this.worker.onmessage = ({ data }: MessageEvent<Reading>) => end(data);
    this.worker.onerror = ({ message }) => {
      const issue = {
        path: '',
        source: null,
        line: null,
        column: null,
        message: message || 'it cannot be read',
      };
      end({ data: null, curves: null, issues: [issue] });
    };
    this.worker.postMessage(request);
  }
}
