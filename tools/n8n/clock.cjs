// Loaded into n8n with --require: moves its clock by N8N_CLOCK_OFFSET_MS, so that days pass in a test.
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
