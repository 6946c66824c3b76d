import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import express, { type ErrorRequestHandler } from "express";
import { z } from "zod";

import { createLog } from "../../../../operator/log.ts";
import { Problem } from "../../../../operator/sidecar/http/problem.ts";
import type { Call, Route } from "../../../../operator/sidecar/http/route.ts";

/** Routes over real HTTP without identity: everybody may do everything. */
export interface StreamServer extends AsyncDisposable {
  readonly url: string;
  /** As the sidecar does when it ends. */
  close(): void;
  /** Handlers that have not returned yet. */
  readonly open: number;
}

export async function startStreamServer(routes: readonly Route[]): Promise<StreamServer> {
  const closing = new AbortController();
  let open = 0;
  const app = express();
  for (const { method, path, handle } of routes) {
    app[method](path, async (request, response) => {
      const gone = new AbortController();
      response.on("close", () => {
        gone.abort();
      });
      open++;
      try {
        const { params, query, headers } = request;
        const signal = AbortSignal.any([gone.signal, closing.signal]);
        await handle({ ...anybody, params, query, headers, signal }, response);
      } finally {
        open--;
      }
    });
  }
  app.use(refused);
  const server = createServer(app).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    close: () => {
      closing.abort();
    },
    get open() {
      return open;
    },
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

const anybody: Omit<Call, "params" | "query" | "headers" | "signal"> = {
  user: { name: "anybody", uid: "", groups: [], extra: {} },
  body: undefined,
  requestId: "1",
  log: createLog("error"),
  may: () => Promise.resolve(true),
  demand: () => Promise.resolve(),
};

const refused: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (error instanceof Problem) response.status(error.status).json(error.body("1"));
  else next(error);
};

const Data = z.looseObject({ resourceVersion: z.string().optional(), reason: z.string().optional() });

/** One event of text/event-stream. */
export interface Heard {
  readonly event: string | undefined;
  readonly id: string | undefined;
  readonly data: z.infer<typeof Data>;
}

/** The events of an answer as an EventSource reads them; comments are left out. */
export async function* eventsOf(response: Response): AsyncGenerator<Heard> {
  let rest = "";
  for await (const chunk of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) yield* heard(block);
  }
}

function* heard(block: string): Generator<Heard> {
  const fields = new Map(block.split("\n").map((line) => fieldOf(line)));
  const data = fields.get("data");
  if (data === undefined) return;
  yield { event: fields.get("event"), id: fields.get("id"), data: Data.parse(JSON.parse(data)) };
}

const fieldOf = (line: string): readonly [string, string] => {
  const colon = line.indexOf(": ");
  return [line.slice(0, colon), line.slice(colon + 2)];
};
