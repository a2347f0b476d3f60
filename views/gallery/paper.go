package gallery

import (
	"strings"

	"tiaojie/app/papers/doc"
)

// agreement is a paper with the blocks that an agreement has, as the print page shows it.
func agreement() string {
	d := doc.Document{
		Code: "gallery", Org: "演示街道人民调解委员会", Title: "人民调解协议书", Number: "（2026）演示民调字第118号", Size: doc.Record,
		Blocks: []doc.Block{
			doc.Fields{Cols: 2, Items: []doc.Field{
				{Label: "申请人", Value: []doc.Run{doc.T("示例乙，女，住示例一社区")}},
				{Label: "被申请人", Value: []doc.Run{doc.T("示例丙，男，住示例一社区")}},
				{Label: "事由", Wide: true, Value: []doc.Run{doc.T("楼上夜间噪音")}},
			}},
			doc.P(doc.Head, doc.T("一、争议事项")),
			doc.P(doc.Body, doc.T("双方因楼上夜间拖动桌椅发出声响一事发生纠纷，经申请人申请、被申请人同意，本调解委员会于2026年11月24日进行调解，地点为"), doc.Fact("调解地点", "", 8), doc.T("。")),
			doc.P(doc.Ask, doc.T("问：双方对调解员有无回避要求？")),
			doc.P(doc.Answer, doc.T("答：没有。")),
			doc.P(doc.Head, doc.T("二、协议内容")),
			doc.Table{Cols: []int{4, 12, 8}, Head: 1, Rows: []doc.Row{
				{Cells: []doc.Cell{doc.L("履行人"), doc.L("事项"), doc.L("期限")}},
				{Cells: []doc.Cell{doc.C(doc.T("示例丙")), doc.C(doc.T("为桌椅加装软垫；每日22时至次日7时不拖动家具")), doc.C(doc.T("2026年12月1日前"))}},
			}},
			doc.P(doc.Body, doc.T("本协议自双方当事人签名、人民调解员签名并加盖人民调解委员会印章之日起生效。")),
			doc.Signs{Items: []doc.Sign{
				{Label: "申请人", Hint: "签名、盖章或按指印", Dated: true},
				{Label: "人民调解员", Hint: "签名"},
			}},
			doc.Seal{Org: "演示街道人民调解委员会", Date: []doc.Run{doc.T("2026年11月24日")}},
			doc.P(doc.Note, doc.T("注：本协议书一式三份，当事人各执一份，人民调解委员会存档一份。")),
		},
	}
	var out strings.Builder
	if err := doc.HTML(&out, d); err != nil {
		return err.Error()
	}
	return out.String()
}
