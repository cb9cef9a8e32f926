import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './repository-pages.ts';
import { SECTIONS, type SitePage } from './site-pages.ts';

/** The site as a list for language models. @see https://llmstxt.org */
export function llmsTxt(base: string): string {
  const sections = SECTIONS.map(({ title, pages }) => {
    const lines = pages.map(
      (page) => `- [${page.title}](${base}${page.route}.html): ${firstSentence(page)}`,
    );
    return `## ${title}\n\n${lines.join('\n')}\n`;
  });
  return `# async-http\n\n> Answer an HTTP request at once, and finish the work afterwards, in the same AWS Lambda function.\n\n${sections.join('\n')}`;
}

/** What a page is about, in its own words, without formatting. */
function firstSentence({ file }: SitePage): string {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const paragraph = text.split(/\n{2,}/).find((part) => /^[A-Z*]/.test(part)) ?? '';
  const plain = paragraph.replace(/\[([^\]]+)\]\([^)]+\)/g, '$1').replace(/[*`]/g, '');
  return (/^.*?\.(?=\s|$)/s.exec(plain)?.[0] ?? plain).replaceAll('\n', ' ').replace(/:$/, '.');
}
