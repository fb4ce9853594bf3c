package transfer

import (
	"slices"

	"formwork/engine/transfer/sheet"
)

// peopleWords are the words by which headers of lists of people are known, by field; leader, region and team are not
// fields but parts of People.
func peopleWords() [][2]any {
	return [][2]any{
		{"login", []string{"login", "account", "username", "账号", "用户名", "工号"}},
		{"email", []string{"email"}},
		{"phone", []string{"phone"}},
		{"leader", []string{"leader", "manager", "supervisor", "head", "boss", "主管", "经理", "领导", "上级"}},
		{"region", []string{"region", "regional", "offic", "branch", "division", "大区", "区域", "分公司"}},
		{"department", []string{"department", "team", "unit", "group", "部门", "团队", "小组"}},
		{"name", []string{"name", "owner", "user", "employe", "employees", "person", "member", "员工", "人员", "成员", "同事"}},
	}
}

// GuessPeople proposes a mapping for users or departments. Where a list has a leader and something above, a row's
// department is the leader's, below that.
func GuessPeople(target Target, columns []sheet.ColumnProfile) Mapping {
	m := Mapping{Target: target, Mode: Upsert, Columns: []Column{}}
	meaning := meanings()
	role := map[string]string{}
	taken := map[string]bool{}
	for _, w := range peopleWords() {
		kind, known := w[0].(string), w[1].([]string)
		for _, c := range columns {
			if taken[c.Name] || role[kind] != "" {
				continue
			}
			if slices.ContainsFunc(words(c.Name, meaning), func(s string) bool { return slices.Contains(known, s) }) {
				role[kind], taken[c.Name] = c.Name, true
			}
		}
	}
	if role["name"] == "" {
		for _, c := range columns {
			if !taken[c.Name] && distinct(c) && c.Kind == sheet.ColumnText {
				role["name"], taken[c.Name] = c.Name, true
				break
			}
		}
	}
	if target == Users {
		m.path(role)
	}
	fields := map[string]string{}
	for _, f := range []string{"name", "login", "email", "phone", "department"} {
		fields[role[f]] = f
	}
	if target == Departments {
		fields = map[string]string{role["name"]: "name", role["region"]: "parent", role["leader"]: "leader"}
		if role["department"] != "" {
			fields[role["department"]] = "name"
			if role["name"] != "" && role["name"] != role["department"] {
				delete(fields, role["name"])
			}
		}
	}
	for _, c := range columns {
		used := slices.Contains(m.DepartmentPath, c.Name) || m.Leader == c.Name
		switch f := fields[c.Name]; {
		case f != "" && !used:
			col := Column{Column: c.Name, Field: f}
			if f == "department" || f == "parent" {
				col.Match = &Match{Missing: MissingCreate}
			}
			m.Columns = append(m.Columns, col)
		case !used:
			m.Columns = append(m.Columns, Column{Column: c.Name, Ignore: true})
		}
	}
	return m
}

// path makes the department of what is above a row: region, then the department or, where there is none, the leader's.
func (m *Mapping) path(role map[string]string) {
	if role["leader"] == "" && role["region"] == "" {
		return
	}
	for _, part := range []string{"region", "department"} {
		if role[part] != "" {
			m.DepartmentPath = append(m.DepartmentPath, role[part])
		}
	}
	if role["leader"] == "" {
		return
	}
	m.Leader = role["leader"]
	if role["department"] == "" {
		m.DepartmentPath = append(m.DepartmentPath, role["leader"])
	}
}
