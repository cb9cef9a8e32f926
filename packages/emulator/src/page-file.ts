/** The page that shows a run, as one HTML file, with an empty element for its data. */
export async function buildPage(): Promise<string> {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Timeline</title>
<script type="application/json" id="recording"></script>
<script type="application/json" id="live"></script>
</html>
`;
}
