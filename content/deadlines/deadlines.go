// Package deadlines embeds the preset deadline rules: which step has how long, by
// which law. They are loaded once as version 1; later changes live in the database.
package deadlines

import _ "embed"

// Presets is the CSV of the rules: code, step, type, source, unit, length, from, name, basis.
//
//go:embed presets.csv
var Presets string
