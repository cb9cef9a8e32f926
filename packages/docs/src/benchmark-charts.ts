import type { MarkdownRenderer } from 'vitepress';
import { benchmarkChart } from './benchmark-chart.ts';
import { readFigures } from './benchmark-table.ts';

/** Text with a picture in the place of each `<!-- benchmark: title of a figure -->`. */
export function withCharts(html: string): string {
  return html.replace(/<!-- benchmark: (.+?) -->\n?/g, (_, title: string) => {
    const figure = readFigures().find((candidate) => candidate.title === title);
    if (!figure) throw new Error(`packages/bench/README.md has no figure "${title}"`);
    return benchmarkChart(figure);
  });
}

/** A plugin of markdown-it that puts the pictures into pages. */
export function benchmarkCharts(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push('benchmark-charts', ({ tokens }) => {
    for (const token of tokens) {
      if (token.type === 'html_block') token.content = withCharts(token.content);
    }
  });
}
