import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import type { Response } from 'express';
import { notFound } from '../../http/problems.js';

export const API_DESCRIPTION = Symbol('api-description');

const FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
};

const SWAGGER_UI = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

// Everything comes from us: the page works without the internet and tells nobody that it is read.
const CONTENT_SECURITY_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>TradeLine 24/7 API</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="api"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

// A request is tried where the page was read: the policy above refuses another name of the same machine.
const START = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  validatorUrl: null,
  requestInterceptor: (request) => {
    const { pathname, search } = new URL(request.url, location.href);
    return { ...request, url: location.origin + pathname + search };
  },
});
`;

/** The API's description, for programs and for people; open to anybody. */
@Controller()
export class DescribeApiController {
  readonly #description: string;

  constructor(@Inject(API_DESCRIPTION) description: object) {
    this.#description = JSON.stringify(description, null, 2);
  }

  @Get('openapi.json')
  description(@Res() response: Response): void {
    response.type('application/json').send(this.#description);
  }

  @Get('docs')
  page(@Res() response: Response): void {
    response.set('Content-Security-Policy', CONTENT_SECURITY_POLICY).type('html').send(PAGE);
  }

  @Get('docs/start.js')
  start(@Res() response: Response): void {
    response.type('text/javascript').send(START);
  }

  @Get('docs/:file')
  file(@Param('file') file: string, @Res() response: Response): void {
    const type = FILES[file];
    if (type === undefined) throw notFound('file');
    response
      .set({ 'Content-Type': type, 'Cache-Control': 'public, max-age=86400' })
      .sendFile(join(SWAGGER_UI, file), { dotfiles: 'allow' });
  }
}
