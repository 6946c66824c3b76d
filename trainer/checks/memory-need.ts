/** Measured on 2 cores with libxgboost 3.4.1; see docs/adr. */
const baseBytes = 220 * 2 ** 20;
const bytesOfRow = 75;
const bytesOfThread = 20 * 2 ** 20;

/** What the process will need at its peak, for so many training rows. */
export const predictedBytes = (rows: number, threads: number): number =>
  baseBytes + rows * bytesOfRow + threads * bytesOfThread;
