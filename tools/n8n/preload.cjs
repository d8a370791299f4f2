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

// Whoever started it may be killed: n8n must not outlive them.
const parent = process.ppid;
setInterval(() => {
	if (process.ppid !== parent) process.exit(1);
}, 1000).unref();
