"""What UnrealHeaderTool makes of the plugin's headers, as far as a syntax check needs it, and the rules of it that are easily broken."""

import re
from pathlib import Path

TYPE = re.compile(r"\b(UCLASS|USTRUCT|UENUM)\s*\(")
CLASS = re.compile(r"^\s*(?:class|struct)\s+(?:\w+_API\s+)?(\w+)(?:\s*:\s*public\s+(\w+))?", re.MULTILINE)


def problems(header: Path) -> list[str]:
    """Rules of UnrealHeaderTool that a header with UCLASS, USTRUCT or UENUM breaks."""
    text = header.read_text(encoding="utf-8")
    found = []
    includes = re.findall(r'#include "([^"]+)"', text)
    if not includes or includes[-1] != f"{header.stem}.generated.h":
        found.append(f"{header.name}: {header.stem}.generated.h must be the last include")
    bodies = len(re.findall(r"\bGENERATED_(?:UCLASS_)?BODY\(\)", text))
    types = len(re.findall(r"\b(?:UCLASS|USTRUCT)\(", text))
    if bodies != types:
        found.append(f"{header.name}: {types} reflected types, {bodies} GENERATED_BODY")
    for macro, rest in re.findall(r"\b(UPROPERTY|UFUNCTION)\(((?:[^()]|\([^()]*\))*)\)", text):
        if "Category" not in rest and "Transient" not in rest:
            found.append(f"{header.name}: {macro}({rest}) without a Category")
    return found


def generated(header: Path) -> str:
    """NAME.generated.h: what GENERATED_BODY() at each of its lines stands for."""
    file = re.sub(r"\W", "_", header.name)
    lines = [f"#undef CURRENT_FILE_ID\n#define CURRENT_FILE_ID {file}"]
    text = header.read_text(encoding="utf-8")
    for body in re.finditer(r"\bGENERATED_(UCLASS_)?BODY\(\)", text):
        before = text[: body.start()]
        name, base = list(CLASS.finditer(before))[-1].groups()
        line = before.count("\n") + 1
        content = "static UScriptStruct* StaticStruct();"
        if base:
            content = f"public: static UClass* StaticClass(); typedef {base} Super; typedef {name} ThisClass;"
        if body.group(1):
            content += f" {name}(const FObjectInitializer& ObjectInitializer);"
        elif base:
            content += " private:"
        lines.append(f"#define {file}_{line} {content}")
    return "\n".join(lines) + "\n"


def is_reflected(header: Path) -> bool:
    return TYPE.search(header.read_text(encoding="utf-8")) is not None
