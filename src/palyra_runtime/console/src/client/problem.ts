/** An error as the gateway tells it: a sentence, what to do about it, and a code for programs. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: string;
  readonly advice: string;
  readonly status: number;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(told: {
    message: string;
    code: string;
    advice?: string;
    status?: number;
    details?: Readonly<Record<string, unknown>>;
  }) {
    super(told.message);
    this.code = told.code;
    this.advice = told.advice ?? "";
    this.status = told.status ?? 0;
    this.details = told.details ?? {};
  }

  /** Returns anything that was thrown as a problem that can be shown. */
  static of(error: unknown): Problem {
    if (error instanceof Problem) return error;
    const message = error instanceof Error ? error.message : String(error);
    return new Problem({ message, code: "CONSOLE_ERROR", advice: "Load the page again." });
  }

  /** True where nobody is logged in any more. */
  get isLoggedOut(): boolean {
    return this.status === 401 || this.code === "NOT_AUTHENTICATED";
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown, fallback: string): string {
  return typeof value === "string" && value !== "" ? value : fallback;
}

/** Returns the problem that an answer of the gateway tells. */
export function problemOf(status: number, body: unknown): Problem {
  const error = isRecord(body) && isRecord(body["error"]) ? body["error"] : {};
  return new Problem({
    message: text(error["message"], `The gateway answered with status ${status}.`),
    code: text(error["code"], `HTTP_${status}`),
    advice: text(error["advice"], ""),
    status,
    details: isRecord(error["details"]) ? error["details"] : {},
  });
}

/** The gateway cannot be reached at all. */
export function unreachable(cause: unknown): Problem {
  const problem = new Problem({
    message: "The gateway does not answer.",
    code: "GATEWAY_UNREACHABLE",
    advice: "See whether it runs: palyra gateway status",
  });
  problem.cause = cause;
  return problem;
}
