import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import GithubSlugger from 'github-slugger';
import MarkdownIt from 'markdown-it';
import { ROOT } from './repository-pages.ts';

export interface Link {
  readonly line: number;
  readonly target: string;
}

export interface CodeBlock {
  readonly line: number;
  readonly language: string;
  readonly code: string;
}

export interface MarkdownPage {
  readonly path: string;
  readonly links: readonly Link[];
  /** The names of the headings in addresses, as GitHub makes them. */
  readonly anchors: ReadonlySet<string>;
  readonly codeBlocks: readonly CodeBlock[];
}

const markdown = new MarkdownIt({ html: true });

/** Reads a page of the repository by its path from the root. */
export function readPage(path: string): MarkdownPage {
  return parsePage(path, readFileSync(join(ROOT, path), 'utf8'));
}

export function parsePage(path: string, text: string): MarkdownPage {
  const slugger = new GithubSlugger();
  const links: Link[] = [];
  const anchors = new Set<string>();
  const codeBlocks: CodeBlock[] = [];
  let line = 1;
  let isHeading = false;

  for (const token of markdown.parse(text, {})) {
    line = token.map === null ? line : token.map[0] + 1;
    isHeading = token.type === 'heading_open' || (isHeading && token.type === 'inline');
    if (token.type === 'fence') {
      codeBlocks.push({ line, language: token.info.trim(), code: token.content });
    }
    if (token.type === 'html_block') links.push(...linksInHtml(token.content, line));
    if (token.type !== 'inline') continue;
    const inner = token.children ?? [];
    if (isHeading) {
      anchors.add(
        slugger.slug(
          inner
            .filter(({ type }) => type === 'text' || type === 'code_inline')
            .map(({ content }) => content)
            .join(''),
        ),
      );
    }
    for (const child of inner) {
      const target = child.attrGet('href') ?? child.attrGet('src');
      if (target !== null) links.push({ line, target });
      if (child.type === 'html_inline') links.push(...linksInHtml(child.content, line));
    }
  }
  return { path, links, anchors, codeBlocks };
}

function linksInHtml(html: string, line: number): Link[] {
  return [...html.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, target = '']) => ({ line, target }));
}
