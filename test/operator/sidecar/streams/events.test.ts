import { expect, test } from "@jest/globals";

import { systemClock } from "../../../../operator/kube/clock.ts";
import { eventsRoute } from "../../../../operator/sidecar/streams/events-route.ts";
import { runSeen } from "../../../support/seen.ts";
import { handRuns, type HandRuns } from "../hand-runs.ts";
import { eventsOf, startStreamServer, type Heard, type StreamServer } from "./stream-server.ts";

const kube = {
  list: () => Promise.reject(new Error("Nobody lists for events")),
  followLogs: () => {
    throw new Error("Nobody reads a log for events");
  },
};
const serve = (runs: HandRuns): Promise<StreamServer> =>
  startStreamServer([eventsRoute({ runs, kube, clock: systemClock })]);

const at = (resourceVersion: string, status = {}) => runSeen({ name: "may", resourceVersion, status });
const published = (resourceVersion: string) => at(resourceVersion, { verdict: "Published" });
const told = ({ event, id, data }: Heard): string =>
  event === "end" ? `end ${data.reason ?? ""}` : `${event ?? ""} ${id ?? ""}`;

test("the state is told at once, then each change, and nothing after the verdict", async () => {
  const runs = handRuns(at("1"), runSeen({ name: "june" }));
  await using server = await serve(runs);
  const heard: string[] = [];
  for await (const event of eventsOf(await fetch(`${server.url}/api/runs/may/events`))) {
    heard.push(told(event));
    expect([event.id, event.data["name"]]).toEqual(
      event.event === "end" ? [undefined, undefined] : [event.data.resourceVersion, "may"],
    );
    if (event.id === "1") {
      runs.put(runSeen({ name: "june", resourceVersion: "9" }));
      runs.put(at("2"));
    }
    if (event.id === "2") runs.put(published("3"));
  }
  expect(heard).toEqual(["run 1", "run 2", "run 3", "end finished"]);
  expect(runs.listeners).toBe(0);
});

test("a client that has a state already is not told it again", async () => {
  const runs = handRuns(published("3"));
  await using server = await serve(runs);
  const ask = async (id: string) => {
    const answer = await fetch(`${server.url}/api/runs/may/events`, { headers: { "Last-Event-ID": id } });
    return (await Array.fromAsync(eventsOf(answer))).map(told);
  };
  expect(await ask("3")).toEqual(["end finished"]);
  expect(await ask("2")).toEqual(["run 3", "end finished"]);
});

test("a run that is deleted ends its events, even when another one gets its name", async () => {
  const runs = handRuns(at("1"));
  await using server = await serve(runs);
  const heard: string[] = [];
  for await (const event of eventsOf(await fetch(`${server.url}/api/runs/may/events`))) {
    heard.push(told(event));
    if (event.event === "end") break;
    runs.remove(at("1"));
    runs.put(runSeen({ name: "may", uid: "another", resourceVersion: "2" }));
  }
  expect(heard).toEqual(["run 1", "end deleted"]);
});

test("a sidecar that ends says so, for another one may go on", async () => {
  const runs = handRuns(at("1"));
  await using server = await serve(runs);
  const heard: string[] = [];
  for await (const event of eventsOf(await fetch(`${server.url}/api/runs/may/events`))) {
    heard.push(told(event));
    server.close();
  }
  expect(heard).toEqual(["run 1", "end closing"]);
});

test("a client that goes leaves nothing behind", async () => {
  const runs = handRuns(at("1"));
  await using server = await serve(runs);
  for await (const event of eventsOf(await fetch(`${server.url}/api/runs/may/events`))) {
    if (event.event === "run") break;
  }
  while (server.open > 0 || runs.listeners > 0) await new Promise(setImmediate);
  expect([server.open, runs.listeners]).toEqual([0, 0]);
});

test("a client that does not read holds up nobody and costs no memory: it skips states, and not the last one", async () => {
  const runs = handRuns(at("0"));
  await using server = await serve(runs);
  const answer = await fetch(`${server.url}/api/runs/may/events`);
  const many = 20_000;
  const message = "x".repeat(4000);
  for (let version = 1; version < many; version++) {
    runs.put(at(String(version), { message, progress: { stage: "search", percent: 1 } }));
    if (version % 100 === 0) await new Promise(setImmediate);
  }
  runs.put(published(String(many)));
  const heard = (await Array.fromAsync(eventsOf(answer))).map(told);
  expect(heard.slice(-2)).toEqual([`run ${String(many)}`, "end finished"]);
  expect(heard.length).toBeLessThan(many / 2);
});

test("what is no run is 404, and nothing is known before the first list", async () => {
  const runs = handRuns();
  await using server = await serve(runs);
  const ask = async () => (await fetch(`${server.url}/api/runs/may/events`)).status;
  expect(await ask()).toBe(404);
  runs.isSynced = false;
  expect(await ask()).toBe(503);
});
