import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { NOTICES } from './notices.js';
import { attributeFault, nounsOf, VERBS } from './twiml-schema.js';

export interface TwimlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly TwimlElement[];
}

export interface TwimlDocument {
  readonly verbs: readonly TwimlElement[];
  /** What Twilio would warn of with 12200; the offending verb or attribute is left out of `verbs`. */
  readonly warnings: readonly string[];
}

/** The document is not TwiML at all: Twilio's 12100, and the call ends. */
export class TwimlUnreadable extends Error {
  readonly code = NOTICES.documentParseFailure;
}

const ATTRIBUTES = ':@';
const TEXT = '#text';
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
});

type RawNode = Record<string, unknown>;

/** Reads a TwiML document as Twilio does: unreadable XML is an error, what the schema does not know a warning. */
export function parseTwiml(xml: string): TwimlDocument {
  const valid = XMLValidator.validate(xml);
  if (valid !== true)
    throw new TwimlUnreadable(
      `the document is not well-formed XML: ${valid.err.msg} (line ${valid.err.line})`,
    );
  const roots = elements(parser.parse(xml) as RawNode[]).filter((element) => !element.name.startsWith('?'));
  const root = roots[0];
  if (root?.name !== 'Response')
    throw new TwimlUnreadable(`the root element is <${root?.name ?? 'nothing'}>, not <Response>`);
  const warnings: string[] = [];
  return { verbs: allowed(root.children, VERBS, 'Response', warnings), warnings };
}

function elements(nodes: readonly RawNode[]): TwimlElement[] {
  return nodes.flatMap((node) => {
    const name = Object.keys(node).find((key) => key !== ATTRIBUTES && key !== TEXT);
    if (!name) return [];
    const content = (node[name] as RawNode[] | undefined) ?? [];
    return {
      name,
      attributes: (node[ATTRIBUTES] as Record<string, string> | undefined) ?? {},
      text: content
        .map((child) => (TEXT in child ? String(child[TEXT]) : ''))
        .join('')
        .trim(),
      children: elements(content),
    };
  });
}

function allowed(
  found: readonly TwimlElement[],
  names: readonly string[],
  parent: string,
  warnings: string[],
): TwimlElement[] {
  return found.flatMap((element) => {
    if (!names.includes(element.name)) {
      warnings.push(
        `<${element.name}> is not allowed in <${parent}>; expected one of ${names.join(', ') || 'nothing'}`,
      );
      return [];
    }
    const attributes: Record<string, string> = {};
    for (const [name, value] of Object.entries(element.attributes)) {
      const fault = attributeFault(element.name, name, value);
      if (fault) warnings.push(fault);
      else attributes[name] = value;
    }
    return [
      {
        ...element,
        attributes,
        children: allowed(element.children, nounsOf(element.name), element.name, warnings),
      },
    ];
  });
}
