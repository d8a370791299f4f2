// n8n finds the nodes and credentials by the "n8n" section of package.json; there is nothing to load here.
module.exports = {};
