import { request } from "node:https";
import { text } from "node:stream/consumers";

/** How to speak to an API server: its address, the authority of its certificate, and who asks. */
export interface Access {
  /** `https://127.0.0.1:port` */
  readonly url: string;
  /** PEM. */
  readonly ca: string;
  readonly token: string;
}

export interface Call {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly body?: object;
  /** Of the body; a patch says by it what kind of patch it is. */
  readonly type?: string;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** One call of the API, whatever the status of its answer. Throws what the connection throws; a silent server is given up. */
export async function call({ url, ca, token }: Access, path: string, options: Call = {}): Promise<Answer> {
  const { method = "GET", body, type = "application/json" } = options;
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const headers = {
    authorization: `Bearer ${token}`,
    // Of itself node says no length for a DELETE, and the server takes the body for another request.
    ...(sent === undefined ? {} : { "content-type": type, "content-length": Buffer.byteLength(sent) }),
  };
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const signal = AbortSignal.timeout(silenceMilliseconds);
  const asked = request(new URL(path, url), { ca, method, headers, signal }, (answer) => {
    text(answer).then((said) => {
      resolve({ status: answer.statusCode ?? 0, text: said });
    }, reject);
  });
  asked.on("error", reject);
  asked.end(sent);
  return await promise;
}

const silenceMilliseconds = 30_000;
