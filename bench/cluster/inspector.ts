import { once } from "node:events";

import { z } from "zod";

/** What a process says of itself right after a full garbage collection. */
export interface Inspected {
  readonly heapBytes: number;
  readonly residentBytes: number;
  readonly peakResidentBytes: number;
  readonly cpuSeconds: number;
}

const Usage = z.object({
  heapUsed: z.number(),
  rss: z.number(),
  maxRSS: z.number().describe("kB"),
  userCPUTime: z.number().describe("microseconds"),
  systemCPUTime: z.number().describe("microseconds"),
});
const expression = "({ ...process.memoryUsage(), ...process.resourceUsage() })";

/** Asks through the inspector of a process (https://chromedevtools.github.io/devtools-protocol/v8), which needs no part in it. */
export async function inspect(url: string): Promise<Inspected> {
  const socket = new WebSocket(url);
  await once(socket, "open");
  try {
    await ask(socket, "HeapProfiler.collectGarbage");
    const { result } = await ask(socket, "Runtime.evaluate", { expression, returnByValue: true });
    const { heapUsed, rss, maxRSS, userCPUTime, systemCPUTime } = Usage.parse(result?.value);
    return {
      heapBytes: heapUsed,
      residentBytes: rss,
      peakResidentBytes: maxRSS * 1024,
      cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    };
  } finally {
    socket.close();
    await once(socket, "close");
  }
}

const Answer = z.object({
  error: z.object({ message: z.string() }).optional(),
  result: z.object({ result: z.object({ value: z.unknown() }).optional() }).prefault({}),
});
const Message = z.tuple([z.object({ data: z.string().transform((text) => JSON.parse(text) as unknown) })]);

/** One question at a time. */
async function ask(socket: WebSocket, method: string, params: object = {}) {
  const answered = once(socket, "message");
  socket.send(JSON.stringify({ id: 1, method, params }));
  const [{ data }] = Message.parse(await answered);
  const { error, result } = Answer.parse(data);
  if (error !== undefined) throw new Error(`The inspector refuses ${method}: ${error.message}`);
  return result;
}
