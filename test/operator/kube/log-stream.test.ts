import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import { expect, test } from "@jest/globals";
import { Agent } from "undici";

import { createKube } from "../../../operator/kube/client.ts";
import type { Connection } from "../../../operator/kube/connection.ts";
import { failureOf } from "./kube-scene.ts";

const at = { namespace: "city", pod: "rr-1-abc", container: "trainer" };

/** A server that stands in for the API server: no kubelet breaks a log when a test wants it. */
async function serve(answer: RequestListener) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const dispatcher = new Agent();
  const { port } = server.address() as AddressInfo;
  const way = { server: new URL(`http://127.0.0.1:${String(port)}`), headers: {}, dispatcher };
  const connection: Pick<Connection, "open" | "renew"> = {
    open: () => Promise.resolve(way),
    renew: () => undefined,
  };
  const dispose = async (): Promise<void> => {
    await dispatcher.destroy();
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  };
  const whole = { ...connection, [Symbol.asyncDispose]: dispose };
  return { kube: createKube(whole, { random: () => 0 }), [Symbol.asyncDispose]: dispose };
}

test("a followed log is asked for from its beginning and ends with the container", async () => {
  let asked = "";
  await using server = await serve((request, response) => {
    asked = request.url ?? "";
    response.write("first\n");
    setImmediate(() => response.end("last\n"));
  });
  const { signal } = new AbortController();
  expect(await text(server.kube.followLogs(at, signal))).toBe("first\nlast\n");
  expect(asked).toBe("/api/v1/namespaces/city/pods/rr-1-abc/log?container=trainer&follow=true");
});

test("what the server refuses is a KubeError", async () => {
  const status = { kind: "Status", reason: "BadRequest", message: "container is waiting to start" };
  await using server = await serve((_request, response) => {
    response.writeHead(400).end(JSON.stringify(status));
  });
  const { signal } = new AbortController();
  expect(await failureOf(text(server.kube.followLogs(at, signal)))).toMatchObject({
    status: 400,
    reason: "BadRequest",
  });
});

test("a log that breaks is a KubeError, and never looks as if it had ended", async () => {
  await using server = await serve((_request, response) => {
    response.write("first\n", () => response.destroy());
  });
  const { signal } = new AbortController();
  expect(await failureOf(text(server.kube.followLogs(at, signal)))).toMatchObject({
    status: 0,
    reason: "Unreachable",
  });
});

test("the signal ends it, however quiet it is", async () => {
  await using server = await serve((_request, response) => {
    response.write("first\n");
  });
  const stop = new AbortController();
  const heard: string[] = [];
  for await (const chunk of server.kube.followLogs(at, stop.signal)) {
    heard.push(new TextDecoder().decode(chunk));
    stop.abort();
  }
  expect(heard).toEqual(["first\n"]);
});
