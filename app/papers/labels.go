package papers

var stateLabels = map[State]string{Prepared: "未开始", Running: "进行中", Closed: "已结束"}

// Label gives the state's Chinese name.
func (s State) Label() string { return stateLabels[s] }

var outcomeLabels = map[Outcome]string{Agreed: "达成协议", Adjourned: "择日再调", Ended: "终止调解"}

// Label gives the outcome's Chinese name.
func (o Outcome) Label() string { return outcomeLabels[o] }

var proposalLabels = map[string]string{"open": "商议中", "accepted": "各方同意", "rejected": "未被接受", "withdrawn": "已收回"}

// StateLabel gives the proposal's state in Chinese.
func (p Proposal) StateLabel() string { return proposalLabels[p.State] }

var answerLabels = map[string]string{"yes": "同意", "no": "不同意", "thinking": "再考虑"}

// AnswerLabel gives an answer in Chinese, "未表态" for none.
func AnswerLabel(answer string) string {
	if l := answerLabels[answer]; l != "" {
		return l
	}
	return "未表态"
}
