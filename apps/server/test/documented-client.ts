// The client of the guide, as its readers copy it: it takes each network chunk for whole lines.
/* oxlint-disable house/class-only-for-errors -- the guide's */

interface Message {
  readonly delta?: string;
  readonly response?: string;
  readonly done?: boolean;
}

/** The class of the guide. */
export class DocumentedClient {
  readonly baseUrl: string;

  constructor(baseUrl: string = 'http://localhost:8888') {
    this.baseUrl = baseUrl;
  }

  async chat(
    query: string,
    sessionId: string | null = null,
    context: object = {},
  ): Promise<{ readonly response: string; readonly session_id: string }> {
    const response = await fetch(`${this.baseUrl}/api/v1/chat`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ query, session_id: sessionId, context }),
    });
    return response.json();
  }

  async streamChat(query: string, onMessage: (data: Message) => void, sessionId: string | null = null): Promise<void> {
    const response = await fetch(`${this.baseUrl}/api/v1/chat/stream`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
      body: JSON.stringify({ query, session_id: sessionId, stream: true }),
    });
    const reader = response.body?.getReader();
    const decoder = new TextDecoder();
    while (reader !== undefined) {
      const { done, value } = await reader.read();
      if (done) break;
      for (const line of decoder.decode(value).split('\n')) {
        if (!line.startsWith('data: ')) continue;
        const data: Message = JSON.parse(line.slice(6));
        onMessage(data);
        if (data.done === true) return;
      }
    }
  }

  async getHealth(): Promise<{ readonly status: string }> {
    return (await fetch(`${this.baseUrl}/api/v1/health`)).json();
  }

  async getModels(): Promise<{ readonly models: readonly string[] }> {
    return (await fetch(`${this.baseUrl}/api/v1/models`)).json();
  }
}
