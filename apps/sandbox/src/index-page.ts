import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Party } from './http-origin.js';
import type { Scenario } from './scenarios/scenario.js';

export interface IndexFacts {
  readonly scenarios: readonly Scenario[];
  readonly publicUrl: string | undefined;
  readonly smtpUrl: () => string;
  readonly voice: string;
}

/** What a person sees who opens the sandbox's address. */
export class IndexPage implements Party {
  constructor(private readonly facts: IndexFacts) {}

  handleHttp(request: IncomingMessage, response: ServerResponse): boolean {
    if (request.url !== '/' || request.method !== 'GET') return false;
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    });
    response.end(page(this.facts));
    return true;
  }
}

const page = ({ scenarios, publicUrl, smtpUrl, voice }: IndexFacts): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The outside world in a box</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 1.5rem auto; padding: 0 1rem; color: #1b1f24; background: #fff }
  h1 { font-size: 1.5rem } h2 { font-size: 1.2rem } a { color: #0b5cad }
  .facts td, p { overflow-wrap: anywhere }
  code { background: #f2f2f2; padding: .1em .3em }
  td, th { text-align: left; padding: .2em .7em .2em 0; vertical-align: top }
</style>
<h1>The outside world in a box</h1>
<p>Everybody the product talks to, played on this machine. Nothing here reaches a real phone, model, mailbox or CRM.</p>
<table class="facts">
  <tr><th scope="row">Phone network<td>calls <code>${escape(publicUrl ?? 'the address that an order names')}</code>; API under <code>/twilio</code>; <a href="/control/notices">what Twilio would complain of</a>
  <tr><th scope="row">Model<td>under <code>/openai/v1</code>
  <tr><th scope="row">Speech<td>ElevenLabs, under <code>/elevenlabs</code>
  <tr><th scope="row">Mailbox<td><a href="/mailbox">read the mail</a>; SMTP at <code>${escape(smtpUrl())}</code>
  <tr><th scope="row">HubSpot<td>under <code>/hubspot</code>; <a href="/hubspot/_records">its records</a>
  <tr><th scope="row">Voices<td>${escape(voice)}
</table>
<h2>Callers</h2>
<table>
  <tr><th scope="col">Name<th scope="col">Who calls and why<th scope="col">Language
${scenarios.map((scenario) => `  <tr><td><code>${escape(scenario.name)}</code><td lang="${scenario.language}">${escape(scenario.title)}<td>${scenario.language}`).join('\n')}
</table>
<p><a href="/control/scenarios">The same as JSON.</a> A call is placed by
<code>./tradeline call booked-plumber</code> in a terminal, or by
<code>POST /control/calls {"scenario": "booked-plumber", "to": "+1…"}</code>, which answers with a line for each thing that happens.</p>
</html>
`;

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
