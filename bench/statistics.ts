/** The smallest value that at least this share (0..1] of them is not above; NaN of none. */
export function quantile(values: ArrayLike<number>, share: number): number {
  const ascending = Float64Array.from(values).sort();
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)] ?? Number.NaN;
}

/** Of an even number the mean of the two in the middle; NaN of none. */
export function median(values: ArrayLike<number>): number {
  const ascending = Float64Array.from(values).sort();
  const [below, above] = [ascending[(ascending.length - 1) >> 1], ascending[ascending.length >> 1]];
  return ((below ?? Number.NaN) + (above ?? Number.NaN)) / 2;
}

/** Slope of the least-squares line through the points. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const product = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return product / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}
