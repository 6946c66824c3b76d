import { KubeError } from "./api.ts";
import { call, type Caller, type Request } from "./call.ts";
import { unreachable } from "./failure.ts";

/** A followed log's chunks as they come; the next one is read when it is asked for. Ends with the container or the signal. */
export async function* logStream(
  caller: Caller,
  request: Request & { readonly signal: AbortSignal },
): AsyncGenerator<Uint8Array> {
  try {
    const body: AsyncIterable<Uint8Array> = await call(caller, request, (answer) => Promise.resolve(answer));
    yield* body;
  } catch (error) {
    if (request.signal.aborted) return;
    throw error instanceof KubeError ? error : unreachable(request.task, error);
  }
}
