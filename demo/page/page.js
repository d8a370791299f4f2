/* The page: what the server tells, drawn. */
import { html, render } from './preact.js';

/** What the visitor has chosen; everything else comes from the server. */
const mine = { email: '', name: '', problem: '', isBusy: false };
let view = null;
let isLive = false;

const newName = () => `Customer ${view.customers.length + 1}`;
const addressOf = (name) =>
	`${(name.toLowerCase().match(/[a-z0-9]+/g) ?? []).join('.')}@example.com`;
const productOf = (slug) => view.products.find((product) => product.slug === slug);
const dollars = ({ price, isOnce }) => `$${Number(price)}${isOnce ? ' once' : ' a month'}`;
const clock = new Intl.DateTimeFormat('en-GB', {
	day: 'numeric',
	month: 'short',
	hour: '2-digit',
	minute: '2-digit',
	second: '2-digit',
	timeZone: 'UTC',
});
const time = (iso) => clock.format(new Date(iso));
const serversOf = (count) => `${count} server${count === 1 ? '' : 's'}`;

async function act(what, input = {}) {
	mine.problem = '';
	mine.isBusy = true;
	draw();
	try {
		const answer = await fetch(`do/${what}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(input),
		});
		if (!answer.ok) mine.problem = (await answer.json()).problem;
	} catch {
		mine.problem = 'The demo does not answer. Is npm start still running?';
	}
	mine.isBusy = false;
	draw();
	return mine.problem === '';
}

async function buy(product) {
	const chosen = view.customers.find(({ email }) => email === mine.email);
	const name = chosen ? chosen.name : mine.name || newName();
	const email = chosen ? chosen.email : addressOf(name);
	if (await act('buy', { email, name, product: product.slug })) {
		mine.email = email;
		mine.name = '';
		draw();
	}
}

const choose = (email) => {
	mine.email = email;
	draw();
};

/** A button that can do nothing just now keeps the focus of who pressed it. */
function Button({ isOff = false, onClick, children, ...more }) {
	const off = isOff || !isLive || mine.isBusy;
	const press = (event) => {
		if (off) event.preventDefault();
		else onClick?.();
	};
	return html`<button ...${more} aria-disabled=${off} onClick=${press}>${children}</button>`;
}

function Head() {
	const { now, n8n, busy, told, problem } = view;
	const state = !isLive
		? 'The demo has ended. Start it again with npm start.'
		: busy
			? `${busy[0].toUpperCase()}${busy.slice(1)}.`
			: n8n.isUp
				? ''
				: 'n8n is starting.';
	return html`<header>
		<h1>Paymenter → n8n → Pterodactyl</h1>
		<p>
			Buy something: the simulated shop sends a signed webhook, a real n8n makes the simulated panel
			match. n8n’s clock says <time>${now.replace('T', ', ')} UTC</time>.
		</p>
		<p class="state">
			<strong role="status">
				${isLive && problem ? html`<span class="problem">${problem}</span>` : state}
			</strong>
			${' '}${told}
		</p>
		<details>
			<summary>Look inside n8n</summary>
			<p>
				<a href=${n8n.url} target="_blank">${n8n.url}</a>, user <code>${n8n.email}</code>, password
				${' '}<code>${n8n.password}</code>. The executions and the Data Tables show all that
				happened.
			</p>
		</details>
	</header>`;
}

function Shop() {
	const chosen = view.customers.find(({ email }) => email === mine.email);
	return html`<section aria-labelledby="shop">
		<h2 id="shop">Shop</h2>
		<div class="who">
			<label>
				Customer
				<select value=${mine.email} onChange=${(event) => choose(event.target.value)}>
					<option value="" selected=${!chosen}>somebody new</option>
					${view.customers.map(
						({ email, name }) =>
							html`<option key=${email} value=${email} selected=${email === mine.email}>
								${name} (${email})
							</option>`,
					)}
				</select>
			</label>
			${
				!chosen &&
				html`<label>
					Name
					<input
						value=${mine.name}
						placeholder=${newName()}
						maxlength="60"
						onInput=${(event) => {
							mine.name = event.target.value;
							draw();
						}}
					/>
				</label>`
			}
		</div>
		${mine.problem && html`<p class="problem" role="alert">${mine.problem}</p>`}
		<ul class="products" aria-label="Products">
			${view.products.map(
				(product) =>
					html`<li key=${product.slug}>
						<${Button} class="product" onClick=${() => void buy(product)}>
							<strong>${product.name}</strong><span>${dollars(product)}</span>
						<//>
					</li>`,
			)}
		</ul>
		${chosen && html`<${Customer} customer=${chosen} />`}
		<${Button} class="far" isOff=${view.busy !== null} onClick=${() => void act('rush')}>
			Eleven customers buy at once
		<//>
		<p class="hint">
			The panel accepts ten new subusers per server in 15 minutes: the eleventh waits.
		</p>
		<${Button} class="far" isOff=${view.busy !== null} onClick=${() => void act('week')}>
			Seven days later
		<//>
		<p class="hint">A failed payment leads to seven days of grace; then n8n suspends.</p>
		${view.busy && html`<p class="hint">Not now: ${view.busy}.</p>`}
	</section>`;
}

function Customer({ customer }) {
	const { name, email, subscriptions, state, why, waits, problem, access, rank, role } = customer;
	const servers = Object.keys(access).length;
	const { n8n, operator } = view;
	const form = (path, label) =>
		html`<a href=${`${n8n.url}/form/paymenter-${path}email=${email}`} target="_blank">${label}</a>`;
	return html`<div class="customer">
		<h3>${name}</h3>
		<p aria-live="polite">${state ? `${state}: ${why}` : 'n8n has not heard of them yet.'}</p>
		<p>
			${`On the panel: ${servers === 0 ? 'no access' : serversOf(servers)}. Rank: ${rank || 'none'}. Discord role: ${role || 'none'}.`}
		</p>
		${waits && html`<p>${waits}</p>`} ${problem && html`<p class="problem">${problem}</p>`}
		<ul class="subscriptions">
			${subscriptions.map((one) => html`<${Subscription} key=${one.id} subscription=${one} />`)}
		</ul>
		<p>
			Operators: ${form('override?', 'Manual Override')}, ${form('undo?minutes=60&', 'Undo')} (user
			${' '}<code>${operator.user}</code>, password <code>${operator.password}</code>)
		</p>
	</div>`;
}

function Subscription({ subscription }) {
	const { id, product, status, isOnce, paidUntil } = subscription;
	const name = productOf(product)?.name ?? product;
	const others = view.products.filter((one) => !one.isOnce && one.slug !== product);
	const isOver = status === 'cancelled';
	const button = (what, label) =>
		html`<${Button}
			isOff=${isOver}
			aria-label=${`${label}: ${name}`}
			onClick=${() => void act(what, { service: id })}
		>
			${label}
		<//>`;
	// The browser asks for a choice where there is none.
	const change = async (event) => {
		event.preventDefault();
		const form = event.target;
		if (await act('change', { service: id, product: form.elements.product.value })) form.reset();
	};
	return html`<li>
		<p>
			<strong>${name}</strong>
			${`, ${status}${isOnce ? ', bought once' : `, paid until ${paidUntil}`}`}
		</p>
		<div class="verbs">
			${
				!isOnce &&
				html`${button('pay', 'Pay')} ${button('fail', 'Fail a payment')}
					<form onSubmit=${(event) => void change(event)}>
						<select
							name="product"
							required
							aria-label=${`Change ${name} to another product`}
							disabled=${status !== 'active'}
						>
							<option value="">Change to …</option>
							${others.map((one) => html`<option key=${one.slug} value=${one.slug}>${one.name}</option>`)}
						</select>
						<${Button} isOff=${status !== 'active'} aria-label=${`Change: ${name}`}>Change<//>
					</form>`
			}
			${button('cancel', 'Cancel')}
		</div>
	</li>`;
}

function Panel() {
	const { servers, customers } = view;
	return html`<section>
		<h2 id="panel">Panel, game and Discord</h2>
		<p class="hint">How many permissions each customer has on each server; rank and role beside</p>
		<div class="wide" tabindex="0" role="region" aria-labelledby="panel">
			<table class="matrix">
				<thead>
					<tr>
						<th scope="col">Customer</th>
						${servers.map((server) => html`<th key=${server} scope="col"><span>${server}</span></th>`)}
						<th scope="col">Rank</th>
						<th scope="col">Discord role</th>
					</tr>
				</thead>
				<tbody>
					${
						customers.length === 0 &&
						html`<tr>
							<td colspan=${servers.length + 3}>Nobody has bought anything yet.</td>
						</tr>`
					}
					${customers.map(
						({ email, name, access, state, rank, role }) =>
							html`<tr key=${email} class=${email === mine.email ? 'chosen' : ''}>
								<th scope="row">
									<button class="name" onClick=${() => choose(email)}>${name}</button>
									<span class="small">${state}</span>
								</th>
								${servers.map((server) => {
									const keys = access[server] ?? [];
									return html`<td
										key=${`${server} ${keys.length}`}
										class=${keys.length > 0 ? 'has' : 'not'}
										title=${keys.join('\n')}
									>
										${keys.length > 0 ? keys.length : html`<span aria-label="none">·</span>`}
									</td>`;
								})}
								${[rank, role].map((perk, column) => html`<td key=${`${column} ${perk}`}>${perk}</td>`)}
							</tr>`,
					)}
				</tbody>
			</table>
		</div>
	</section>`;
}

/** One of n8n's tables, the newest first; a row is its key and its cells. */
function Log({ id, title, table, heads, rows }) {
	return html`<section>
		<h2 id=${id}>${title}</h2>
		<p class="hint">${`${table} in n8n, the newest first`}</p>
		<div class="wide tall" tabindex="0" role="region" aria-labelledby=${id}>
			<table>
				<thead>
					<tr>
						${heads.map((head) => html`<th key=${head} scope="col">${head}</th>`)}
					</tr>
				</thead>
				<tbody>
					${rows.map(
						([key, ...cells]) =>
							html`<tr key=${key}>
								${cells.map((cell, column) => html`<td key=${heads[column]}>${cell}</td>`)}
							</tr>`,
					)}
				</tbody>
			</table>
		</div>
	</section>`;
}

const Events = () =>
	html`<${Log}
		id="events"
		title="Event log"
		table="paymenter_events"
		heads=${['Time', 'Event', 'Product', 'Customer']}
		rows=${view.events.map(({ id, at, event, email, product }) => [
			id,
			time(at),
			event,
			product,
			email,
		])}
	/>`;

const Steps = () =>
	html`<${Log}
		id="steps"
		title="Done on the panel"
		table="paymenter_provisioning_log"
		heads=${['Time', 'What', 'Customer', 'After the event', 'Why']}
		rows=${view.steps.map(({ id, at, what, why, email, servers, seconds, execution }) => [
			id,
			time(at),
			html`<a href=${execution} target="_blank" title=${servers.join('\n')}>
				${what}${servers.length > 0 ? `, ${serversOf(servers.length)}` : ''}
			</a>`,
			email,
			seconds === null ? '' : `${seconds.toFixed(1)} s`,
			html`<div class="long">${why}</div>`,
		])}
	/>`;

function Page() {
	if (!view?.servers) {
		const problem = isLive && view?.problem;
		return html`<p class="state" role="status">
			${problem || (isLive ? 'One moment …' : 'Connecting …')}
		</p>`;
	}
	return html`<${Head} />
		<main>
			<${Shop} />
			<div class="beside"><${Panel} /><${Steps} /><${Events} /></div>
		</main>`;
}

const draw = () => render(html`<${Page} />`, document.body);

const live = new EventSource('live');
live.onopen = () => {
	isLive = true;
	draw();
};
live.onmessage = ({ data }) => {
	view = JSON.parse(data);
	draw();
};
live.onerror = () => {
	isLive = false;
	draw();
};
draw();
