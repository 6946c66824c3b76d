/** A request, as a test chooses it. */
export interface Asked {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** 1 for the first request with this method and path since the fault was injected. */
  readonly nth: number;
}

export type Fault =
  /** The socket is destroyed and the API server never asked. */
  | { readonly kind: "drop" }
  /** The API server does what it is asked, and the socket is destroyed instead of the answer. */
  | { readonly kind: "loseAnswer" }
  /** Never an answer. */
  | { readonly kind: "stall" }
  /** This answer, with a Status object as the API server writes it; the API server is never asked. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly reason?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** So many bytes of the answer's body, then the socket is destroyed. */
  | { readonly kind: "cutAfterBytes"; readonly bytes: number }
  /** So many bytes of the answer's body, then nothing and no end. */
  | { readonly kind: "halfOpen"; readonly bytes: number };

interface Injected {
  readonly fault: Fault;
  readonly fits: (asked: Asked) => boolean;
  readonly seen: Map<string, number>;
}

/** The faults in force. */
export class Faults {
  readonly #injected: Injected[] = [];

  inject(fault: Fault, fits: (asked: Asked) => boolean): Disposable {
    const injected: Injected = { fault, fits, seen: new Map() };
    this.#injected.unshift(injected);
    return { [Symbol.dispose]: () => void this.#injected.splice(this.#injected.indexOf(injected), 1) };
  }

  /** Counts the request for every fault and returns the newest that fits. */
  of({ method, path, query }: Omit<Asked, "nth">): Fault | undefined {
    const fitting = this.#injected.filter(({ fits, seen }) => {
      const nth = (seen.get(`${method} ${path}`) ?? 0) + 1;
      seen.set(`${method} ${path}`, nth);
      return fits({ method, path, query, nth });
    });
    return fitting[0]?.fault;
  }
}
