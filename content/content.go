// Package content embeds what is written and not programmed: code tables, texts.
package content

import _ "embed"

// Disputes is the code table of dispute types: 15 of the monthly report, and local sub-types.
//
//go:embed disputes.csv
var Disputes []byte
