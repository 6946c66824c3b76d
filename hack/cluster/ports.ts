import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

import { codeOf } from "../../trainer/errors.ts";

/** Below the range that systems take for outgoing connections, so that none of those takes a port before its server. */
const lowest = 20_000;
const highest = 32_000;

/** Ports of 127.0.0.1 that are free at this moment, each another one. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(lowest, highest);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return true;
  } catch (error) {
    if (codeOf(error) === "EADDRINUSE") return false;
    throw error;
  } finally {
    server.close();
  }
}
