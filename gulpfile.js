const { dest, parallel, src } = require('gulp');

// What tsc leaves behind: the icons and the codex files that n8n reads beside the compiled nodes.
const icons = () => src('icons/*.svg', { encoding: false }).pipe(dest('dist/icons'));
const codex = () => src('nodes/**/*.node.json').pipe(dest('dist/nodes'));

/** One folder deep, as Paymenter's upload wants it. */
const extension = async () => {
	const { default: zip } = await import('gulp-zip');
	return src('paymenter-extension/N8nWebhooks/**/*.php', { base: 'paymenter-extension' })
		.pipe(zip('N8nWebhooks.zip'))
		.pipe(dest('build'));
};

exports.extension = extension;
exports.build = parallel(icons, codex);
