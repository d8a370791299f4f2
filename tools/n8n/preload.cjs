// Loaded into n8n with --require, for tests and the demo.

// Days pass: the clock goes ahead by N8N_CLOCK_OFFSET_MS.
const offset = Number(process.env.N8N_CLOCK_OFFSET_MS ?? 0);
const RealDate = Date;

class ShiftedDate extends RealDate {
	constructor(...args) {
		if (args.length === 0) super(RealDate.now() + offset);
		else super(...args);
	}

	static now() {
		return RealDate.now() + offset;
	}
}

if (offset !== 0) globalThis.Date = ShiftedDate;

// Each process of queue mode is a container of its own, as with deploy/docker-compose.yml.
const host = process.env.N8N_CONTAINER_NAME;
if (host) require('node:os').hostname = () => host;

// It dies just before it runs a node: N8N_DIE_BEFORE is `workflow id/node name`, with `#2` the second time.
const point = /^(.+?)\/(.+?)(?:#(\d+))?$/.exec(process.env.N8N_DIE_BEFORE ?? '');
if (point) {
	const Module = require('node:module');
	const [, workflowId, name, times = '1'] = point;
	const load = Module._load;
	let count = 0;
	Module._load = function (request, ...more) {
		const loaded = load.call(this, request, ...more);
		if (!request.endsWith('/workflow-execute')) return loaded;
		Module._load = load;
		const { prototype } = loaded.WorkflowExecute;
		const { runNode } = prototype;
		prototype.runNode = function (workflow, data, ...others) {
			const isThere = workflow.id === workflowId && data.node.name === name;
			if (isThere && ++count === Number(times)) process.kill(process.pid, 'SIGKILL');
			return runNode.call(this, workflow, data, ...others);
		};
		return loaded;
	};
}

// Hosts that n8n's nodes have fixed are simulated: N8N_SIMULATED_HOSTS is `api.mojang.com=http://127.0.0.1:1234,…`.
const simulated = new Map(
	(process.env.N8N_SIMULATED_HOSTS ?? '')
		.split(',')
		.filter(Boolean)
		.map((entry) => entry.split('='))
		.map(([name, url]) => [name, new URL(url)]),
);
if (simulated.size > 0) {
	const http = require('node:http');
	const https = require('node:https');
	const { request } = https;
	https.request = (target, ...more) => {
		const isUrl = typeof target === 'string' || target instanceof URL;
		const options = isUrl
			? {
					...require('node:url').urlToHttpOptions(new URL(target)),
					...(typeof more[0] === 'object' ? more.shift() : {}),
				}
			: target;
		const there = simulated.get(options.hostname ?? options.host);
		if (!there) return isUrl ? request(options, ...more) : request(target, ...more);
		const { hostname, port } = there;
		return http.request(
			{
				...options,
				protocol: 'http:',
				host: hostname,
				hostname,
				port,
				agent: undefined,
				lookup: undefined,
			},
			...more,
		);
	};
	https.get = (...args) => https.request(...args).end();
}

// Whoever started it may be killed: n8n must not outlive them.
const parent = process.ppid;
setInterval(() => {
	if (process.ppid !== parent) process.exit(1);
}, 1000).unref();
