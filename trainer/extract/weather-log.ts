import { ReadingLog, type Reading } from "./reading-log.ts";

export interface WeatherValues {
  avgTemp: number;
  maxTemp: number;
  minTemp: number;
  precipitation: number;
  wind: number;
}

const columnNames = ["avgTemp", "maxTemp", "minTemp", "precipitation", "wind"] as const;

/** Weather rows: their times in a reading log of one station, their values in columns by the same positions. */
export class WeatherLog {
  readonly log = new ReadingLog();
  avgTemp = new Float32Array(1024);
  maxTemp = new Float32Array(1024);
  minTemp = new Float32Array(1024);
  precipitation = new Float32Array(1024);
  wind = new Float32Array(1024);

  push(at: Readonly<Reading>, values: Readonly<WeatherValues>): void {
    const position = this.log.length;
    for (const name of columnNames) {
      if (position === this[name].length) this[name] = doubled(this[name]);
      this[name][position] = Number.isFinite(values[name]) ? values[name] : Number.NaN;
    }
    this.log.push(at);
  }
}

const doubled = (column: Float32Array): Float32Array<ArrayBuffer> => {
  const larger = new Float32Array(column.length * 2);
  larger.set(column);
  return larger;
};
