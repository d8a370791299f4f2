const { dest, parallel, src } = require('gulp');

// What tsc leaves behind: the icons and the codex files that n8n reads beside the compiled nodes.
const icons = () => src('icons/*.svg', { encoding: false }).pipe(dest('dist/icons'));
const codex = () => src('nodes/**/*.node.json').pipe(dest('dist/nodes'));

exports.build = parallel(icons, codex);
