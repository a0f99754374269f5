/** A tenant's live events, read as a browser reads them with `fetch`. */
export class LiveEvents {
  private text = '';

  private constructor(
    private readonly abort: AbortController,
    body: ReadableStream<Uint8Array>,
  ) {
    void this.read(body);
  }

  static async open(url: string, apiKey: string): Promise<LiveEvents> {
    const abort = new AbortController();
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${apiKey}` },
      signal: abort.signal,
    });
    if (!response.ok || !response.body) throw new Error(`GET ${url}: ${response.status}`);
    return new LiveEvents(abort, response.body);
  }

  /** The `event:` of each event so far. */
  types(): string[] {
    return [...this.text.matchAll(/^event: ?(.+)$/gm)].map((match) => match[1] ?? '');
  }

  close(): void {
    this.abort.abort();
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of body) this.text += decoder.decode(chunk, { stream: true });
    } catch {
      // Closed by us.
    }
  }
}
