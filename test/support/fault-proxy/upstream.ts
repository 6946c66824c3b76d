import type { IncomingMessage, ServerResponse } from "node:http";
import { Agent, request as ask } from "node:https";

import type { Access } from "../../../hack/cluster/api.ts";
import type { Fault, Faults } from "./faults.ts";
import type { Streams } from "./streams.ts";

/** Passes requests to the API server and its answers back, byte by byte as they come, or breaks them. */
export class Upstream {
  readonly #access: Access;
  readonly #agent: Agent;
  readonly #faults: Faults;
  readonly #streams: Streams;

  constructor(access: Access, faults: Faults, streams: Streams) {
    this.#access = access;
    this.#agent = new Agent({ keepAlive: true, ca: access.ca });
    this.#faults = faults;
    this.#streams = streams;
  }

  pass(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams: query } = new URL(request.url ?? "/", this.#access.url);
    const fault = this.#faults.of({ method: request.method ?? "GET", path: pathname, query });
    if (fault === undefined || passesOn(fault)) {
      this.#ask(request, response, fault);
    } else {
      breakOff(fault, request, response);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #ask(request: IncomingMessage, response: ServerResponse, fault: AfterAnswer | undefined): void {
    const { method, headers, url = "/" } = request;
    const asked = ask(new URL(url, this.#access.url), { agent: this.#agent, method, headers }, (answer) => {
      this.#answer(answer, response, { url, fault });
    });
    asked.on("error", () => request.socket.destroy());
    response.on("close", () => asked.destroy());
    request.pipe(asked);
  }

  #answer(
    answer: IncomingMessage,
    response: ServerResponse,
    { url, fault }: { readonly url: string; readonly fault: AfterAnswer | undefined },
  ): void {
    if (fault?.kind === "loseAnswer") {
      response.socket?.destroy();
      return;
    }
    response.writeHead(answer.statusCode ?? 502, answer.headers).flushHeaders();
    answer.on("error", () => response.socket?.destroy());
    if (fault !== undefined) {
      passSome(answer, response, fault);
      return;
    }
    answer.pipe(response);
    if (/[?&](?:watch|follow)=(?:true|1)/u.test(url)) this.#streams.add(answer, response);
  }
}

type AfterAnswer = Extract<Fault, { kind: "loseAnswer" | "cutAfterBytes" | "halfOpen" }>;

const passesOn = (fault: Fault): fault is AfterAnswer =>
  fault.kind === "loseAnswer" || fault.kind === "cutAfterBytes" || fault.kind === "halfOpen";

function breakOff(
  fault: Exclude<Fault, AfterAnswer>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  request.resume();
  if (fault.kind === "drop") request.socket.destroy();
  if (fault.kind === "status") refuse(fault, response);
}

function refuse(
  { status, reason = "", headers = {} }: Extract<Fault, { kind: "status" }>,
  response: ServerResponse,
): void {
  const said = { kind: "Status", apiVersion: "v1", status: "Failure", message: "injected fault" };
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify({ ...said, reason, code: status }));
}

function passSome(
  answer: IncomingMessage,
  response: ServerResponse,
  fault: Exclude<AfterAnswer, { kind: "loseAnswer" }>,
): void {
  let left = fault.bytes;
  const pass = (chunk: Buffer): void => {
    if (left > 0) response.write(chunk.subarray(0, left));
    left -= chunk.length;
    if (left <= 0 && fault.kind === "cutAfterBytes") response.socket?.destroySoon();
  };
  pass(Buffer.alloc(0));
  answer.on("data", pass);
}
