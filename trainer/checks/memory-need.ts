const mebibyte = 2 ** 20;

/**
 * Measured on 2 cores with libxgboost 3.4.1 (docs/adr): what the process needs before any row, what the matrices of a
 * fold take, and what each booster that trains at the same time adds.
 */
const baseBytes = 300 * mebibyte;
const matrixBytesOfRow = 60;
const boosterBytesOfRow = 40;

/** The process that makes report.html, beside this one, when the matrices are gone. */
const pageBytes = 220 * mebibyte;

/** What a run will need at its peak, for so many training rows and so many boosters at once. */
export const predictedBytes = (rows: number, threads: number): number =>
  baseBytes + Math.max(pageBytes, rows * (matrixBytesOfRow + threads * boosterBytesOfRow));
