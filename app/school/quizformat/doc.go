// Package quizformat holds what an exam question (试题) is, apart from any database:
// its model and checks, how answers earn points, and the three text formats that
// questions arrive in and leave by.
//
// # Formats
//
// ParseMarkdown reads our own blocks, which stand in textbooks:
//
//	::: question id=q-xinren-0101 kind=single points=2 tags=保密,笔录
//	题干(Markdown)……
//	- [x] 正确项 {反馈}
//	- [50%] 得一半分的项
//	- [ ] 干扰项 {反馈}
//	> 解析:……(人民调解法第二十二条)
//	:::
//
// Multi marks several options [x]; judge has 对 and 错; match has lines "- 左 -> 右",
// where an empty left side is a distractor; blank has "= 答案1 | 答案2"; numeric has
// "= 30" or "= 30 ± 0.5"; short has "= 参考答案" and is graded by hand. "=[50%] 答案"
// earns half. A backslash before one of { } | or \ takes it as written; a stem line that
// would be read as an answer begins with a backslash.
//
// ParseGIFT reads Moodle's GIFT and ParseAiken reads Aiken. All three report every problem
// with its line, drop the questions that have errors and keep the others. WriteGIFT and
// WriteMarkdown lose nothing that the parsers can read back: what GIFT has no place for
// stands in comments that other programs pass over, as Moodle's own [id:…] and [tag:…] do.
//
// # Points
//
// Points are whole numbers and nothing is rounded up: a share of the points that isn't
// whole loses its fraction.
//
//   - single, judge, blank, numeric: the chosen option's or answer's percentage of the points.
//   - multi: no points when any wrong option is chosen; otherwise chosen right options ÷ all
//     right options (of 3 points with 2 of 4 right options: 1).
//   - match: matched pairs ÷ all pairs.
//   - short: not graded here.
package quizformat
