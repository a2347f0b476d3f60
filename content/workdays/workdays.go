// Package workdays embeds the yearly notices of the State Council on days off
// (国务院办公厅关于部分节假日安排的通知), one CSV file per year. Each file holds
// only the deviations from Monday–Friday, and names its notice in the first line.
package workdays

import "embed"

// Files holds YYYY.csv for every year whose notice is known.
//
//go:embed *.csv
var Files embed.FS
