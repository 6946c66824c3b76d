/** Seconds by stage. */
export class Stages {
  readonly seconds: Record<string, number> = {};

  async time<T>(name: string, work: () => T | Promise<T>): Promise<T> {
    const begun = performance.now();
    const result = await work();
    this.seconds[name] = (performance.now() - begun) / 1000;
    return result;
  }
}
