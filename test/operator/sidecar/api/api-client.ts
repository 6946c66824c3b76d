import { setTimeout } from "node:timers/promises";

/** What a server answered. */
export interface Answer {
  readonly status: number;
  readonly location: string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Asked {
  readonly user?: string;
  readonly body?: unknown;
  /** Idempotency-Key. */
  readonly key?: string;
}

export interface ApiClient {
  get(path: string): Promise<Answer>;
  post(path: string, asked?: Asked): Promise<Answer>;
}

export function clientOf(
  url: string,
  headersOf: (user: string) => Readonly<Record<string, string>>,
): ApiClient {
  return {
    get: (path) => answerOf(fetch(url + path, { headers: headersOf("anna") })),
    post: (path, { user = "anna", body, key } = {}) => {
      const headers = {
        ...headersOf(user),
        ...(key === undefined ? {} : { "idempotency-key": key }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      };
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      return answerOf(fetch(url + path, { method: "POST", headers, ...sent }));
    },
  };
}

async function answerOf(asked: Promise<Response>): Promise<Answer> {
  const response = await asked;
  const body = (await response.json()) as Answer["body"];
  return { status: response.status, location: response.headers.get("location"), body };
}

/** Waits for what a watch shows later. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await setTimeout(30);
}

/** The name in a run's path. */
export const nameIn = (location: string | null): string => (location ?? "").slice("/api/runs/".length);
