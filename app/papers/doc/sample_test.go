package doc_test

import (
	"strings"

	"tiaojie/app/papers/doc"
)

// sample is a paper with every kind of block and the characters that are hard to set.
func sample(size doc.Size) doc.Document {
	long := strings.Repeat("双方因楼上漏水造成楼下天花板、墙面及木地板受损一事多次协商未果，遂向人民调解委员会申请调解；", 12)
	return doc.Document{
		Code: "sample", Org: "示例街道人民调解委员会", Title: "人民调解记录", Number: "（2026）示民调字第001号",
		Header: "（2026）示民调字第001号 人民调解记录", Size: size,
		Blocks: []doc.Block{
			doc.Fields{Cols: 2, Items: []doc.Field{
				{Label: "时间", Value: []doc.Run{doc.Fact("调解时间", "2026年9月1日9:00至10:30", 8)}},
				{Label: "地点", Value: []doc.Run{doc.Fact("调解地点", "", 8)}},
				{Label: "事由", Wide: true, Value: []doc.Run{doc.T("喆彧㛃䶮𠮷与示例装饰有限公司之间的相邻损害赔偿纠纷，涉及房屋两处，争议金额八千六百元，当事人共六名，代理人二名")}},
				{Label: "被调查人", Value: []doc.Run{doc.T("张喆")}}, {Label: "记录人", Value: []doc.Run{doc.Hand(6)}},
			}},
			doc.P(doc.Head, doc.T("一、告知权利义务")),
			doc.P(doc.Body, doc.T(long)),
			doc.P(doc.Ask, doc.T("问：你们对调解员有无回避要求？")),
			doc.P(doc.Answer, doc.T("答：没有。"), doc.Fact("是否公开", "", 6), doc.T("，"), doc.B("以上属实"), doc.T("。")),
			doc.Table{Cols: []int{3, 5, 4, 6, 6}, Head: 1, Rows: []doc.Row{
				{Cells: []doc.Cell{doc.L("序号"), doc.L("姓名"), doc.L("性别"), doc.L("联系方式"), doc.L("备注")}},
				{Cells: []doc.Cell{doc.L("当事人").Down(2), doc.C(doc.T("张喆")), doc.C(doc.T("女")), doc.C(doc.T("13800138000")), doc.C(doc.Ticks([]string{"到场", "委托代理人"}, "到场"))}},
				{Cells: []doc.Cell{doc.C(doc.T("李𠮷")), doc.C(doc.T("男")), doc.C(doc.Fact("李𠮷的电话", "", 5)), doc.C()}},
				{Cells: []doc.Cell{doc.L("纠纷简要情况"), doc.Cell{Paras: doc.Paras(doc.Body, "纠纷简要情况", long+"\n"+long), Cols: 4, Lines: 6}}},
			}},
			doc.P(doc.Head, doc.T("二、调解结果")),
			doc.P(doc.Body, doc.T(long)),
			doc.Signs{Items: []doc.Sign{
				{Label: "当事人", Name: "张喆", Hint: "签名、盖章或按指印", Dated: true},
				{Label: "当事人", Name: "深圳市示例装饰工程有限公司", Hint: "签名、盖章或按指印", Dated: true, Date: "2026年9月1日"},
				{Label: "人民调解员", Hint: "签名"},
			}},
			doc.Seal{Org: "示例街道人民调解委员会", Date: []doc.Run{doc.Say("盖章日期", "2026年9月1日", 6)}},
			doc.P(doc.Note, doc.T("注：本记录一式一份，由人民调解委员会归档保存。")),
		},
	}
}
