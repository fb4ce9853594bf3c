package transfer

import (
	"slices"
	"strings"
	"unicode"

	"formwork/schemas/value"
)

// synonyms are words of headers that mean the same. The first of each line stands for all.
var synonyms = [][]string{
	{"amount", "value", "sum", "total", "金额", "总额"},
	{"price", "单价", "价格", "标准价", "售价"},
	{"date", "day", "on", "at", "time", "日期", "时间"},
	{"founded", "established", "founding", "incorporated", "成立"},
	{"id", "no", "number", "code", "num", "编号", "单号", "代码", "号"},
	{"owner", "agent", "rep", "representative", "salesperson", "seller", "assignee", "responsible", "负责人", "业务员", "销售员", "归属人"},
	{"stage", "status", "state", "phase", "阶段", "状态"},
	{"sector", "industry", "行业"},
	{"parent", "subsidiary", "上级", "上级公司", "母公司"},
	{"phone", "tel", "telephone", "mobile", "cell", "电话", "手机", "手机号"},
	{"email", "mail", "邮箱", "邮件"},
	{"website", "web", "url", "homepage", "site", "网站", "网址", "官网"},
	{"employees", "employee", "staff", "headcount", "人数", "员工数", "员工人数"},
	{"revenue", "turnover", "营收", "营业额"},
	{"location", "address", "place", "city", "地址", "所在地", "位置"},
	{"name", "title", "名称", "姓名", "名字"},
	{"account", "company", "organisation", "organization", "client", "公司", "单位", "企业"},
	{"note", "notes", "remark", "remarks", "comment", "comments", "memo", "备注", "说明"},
	{"product", "item", "sku", "产品", "商品"},
	{"quantity", "qty", "count", "数量"},
	{"level", "grade", "rank", "级别", "等级"},
	{"source", "channel", "来源", "渠道"},
	{"created", "creation", "创建"},
	{"closed", "close", "completed", "结束", "结单", "成交"},
}

// fillers say nothing about what a column holds.
var fillers = []string{"of", "the", "a", "in", "and", "for", "de", "的"}

// words cuts a name into comparable words: snake, kebab and camel case and spaces part them, endings go, synonyms become
// one. A Chinese run is a word.
func words(name string, meaning map[string]string) []string {
	var out []string
	add := func(w []rune) {
		if len(w) == 0 {
			return
		}
		s := value.Fold(string(w))
		if slices.Contains(fillers, s) {
			return
		}
		if m, ok := meaning[s]; ok {
			s = m
		} else if m, ok := meaning[stem(s)]; ok {
			s = m
		} else {
			s = stem(s)
		}
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	var word []rune
	for _, r := range name {
		last := rune(0)
		if len(word) > 0 {
			last = word[len(word)-1]
		}
		switch {
		case !unicode.IsLetter(r) && !unicode.IsNumber(r):
			add(word)
			word = nil
			continue
		case last != 0 && (unicode.IsUpper(r) && unicode.IsLower(last) || unicode.Is(unicode.Han, r) != unicode.Is(unicode.Han, last)):
			add(word)
			word = nil
		}
		word = append(word, r)
	}
	add(word)
	return out
}

// stem takes an English ending away, so that close and closed, price and prices agree.
func stem(s string) string {
	for _, end := range []string{"ing", "ed", "es", "s", "e"} {
		if rest, ok := strings.CutSuffix(s, end); ok && len(rest) >= 3 {
			return rest
		}
	}
	return s
}

// meanings finds the first word of a line of synonyms by each of its words, and by their stems.
func meanings() map[string]string {
	out := map[string]string{}
	for _, line := range synonyms {
		for _, w := range line {
			out[value.Fold(w)], out[stem(value.Fold(w))] = line[0], line[0]
		}
	}
	return out
}

// alike says how much two lists of words have in common: 1 for the same words, and the more the more of b is in a.
func alike(a, b []string) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	same := 0
	for _, w := range b {
		if slices.Contains(a, w) {
			same++
		}
	}
	return 0.7*float64(same)/float64(len(b)) + 0.3*float64(same)/float64(len(a))
}
