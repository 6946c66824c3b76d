import type { IncomingHttpHeaders } from "node:http";

import { Problem } from "../http/problem.ts";

/** The token of the Authorization header (RFC 6750). Throws the Problem 401. */
export function bearerToken({ authorization = "" }: IncomingHttpHeaders): string {
  const [, token] = bearer.exec(authorization) ?? [];
  if (token !== undefined) return token;
  throw unauthorized(
    authorization === ""
      ? "There is no token: send the header Authorization: Bearer TOKEN"
      : "The header Authorization is not Bearer TOKEN",
    challenge,
  );
}

const bearer = /^bearer +([\w.~+/-]+=*)$/iu;

/** The Problem 401 of a token that the API server does not know. */
export const unknownToken = (audience: string): Problem =>
  unauthorized(
    `The token is not valid for the audience ${audience}, or no longer: get one with kubectl create token SERVICEACCOUNT --audience=${audience}`,
    `${challenge}, error="invalid_token"`,
  );

const challenge = 'Bearer realm="retrain-operator"';

const unauthorized = (detail: string, wwwAuthenticate: string): Problem =>
  new Problem(401, "unauthorized", detail, { headers: { "WWW-Authenticate": wwwAuthenticate } });
