import { useAnswer } from "#/client/queries";
import { Answer } from "#/elements/Answer";
import { Badge } from "#/elements/Badge";
import { Json } from "#/elements/Json";

interface Call {
  request: unknown;
  answer: unknown;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns the calls of a transcript, or null where it has another form. */
function callsOf(transcript: unknown): readonly Call[] | null {
  const list = isRecord(transcript) ? transcript["calls"] : transcript;
  const isCall = (each: unknown): each is Call => isRecord(each) && "request" in each && "answer" in each;
  return Array.isArray(list) && list.every(isCall) ? list.map(({ request, answer }) => ({ request: read(request), answer: read(answer) })) : null;
}

/** Returns a text as the JSON that it is, or as it is where it is none. */
function read(said: unknown): unknown {
  if (typeof said !== "string") return said;
  try {
    return JSON.parse(said) as unknown;
  } catch {
    return said;
  }
}

/** The host calls of an attempt, in order, each with its answer. */
export function TranscriptView({ deliveryId, attempt }: { deliveryId: string; attempt: number }) {
  const query = useAnswer("deliveries.attempts", { path: { delivery_id: deliveryId } });
  return (
    <Answer query={query} lines={3}>
      {({ items }) => <Calls transcript={items.find((each) => each.attempt === attempt)?.transcript} />}
    </Answer>
  );
}

/** The calls of a transcript; the guest's bytes are kept as text, and shown as the JSON that they are. */
export function Calls({ transcript }: { transcript: unknown }) {
  if (transcript == null) return <p className="soft">The plugin called nothing: it worked with its input alone.</p>;
  const calls = callsOf(transcript);
  if (calls === null) return <Json value={transcript} label="transcript" />;
  return (
    <ol className="calls">
      {calls.map((call, index) => (
        <li key={index}>
          <details>
            <summary>
              <span className="log-number figures">{index + 1}</span>
              <code>{isRecord(call.request) ? String(call.request["op"] ?? "call") : "call"}</code>
              <Answered answer={call.answer} />
            </summary>
            <div className="columns two">
              <Json value={call.request} label="request" />
              <Json value={call.answer} label="answer" />
            </div>
          </details>
        </li>
      ))}
    </ol>
  );
}

function Answered({ answer }: { answer: unknown }) {
  const refusal = isRecord(answer) && isRecord(answer["error"]) ? String(answer["error"]["code"]) : null;
  return <Badge tone={refusal === null ? "good" : "bad"}>{refusal ?? "ok"}</Badge>;
}
