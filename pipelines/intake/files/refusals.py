"""Why a file is not read, by what it is, and what the sender can do about it."""

from __future__ import annotations

from pipelines.intake.tables import Refusal

SAVE = (
    "请在 Excel 或 WPS 中打开,另存为 .xlsx 后重新上报。",
    "Open it in Excel or WPS, save it as .xlsx and send it again.",
)
FOREIGN = {  # kind: reason, in Chinese, in English
    "html": ("web_page", "文件其实是网页(.html),只是改了名字。", "The file is a web page under another name."),
    "xml": (
        "xml_table",
        "文件是 XML 文本(如“XML 表格 2003”)。",
        "The file is XML text (such as XML Spreadsheet 2003).",
    ),
    "pdf": ("document_file", "文件是 PDF,不是表格。", "The file is a PDF, not a table."),
    "rtf": ("document_file", "文件是 RTF 文档,不是表格。", "The file is an RTF document, not a table."),
    "word": ("document_file", "文件是 Word(文字)文档,不是表格。", "The file is a Word document, not a table."),
    "slides": ("document_file", "文件是演示文稿,不是表格。", "The file is a presentation, not a table."),
    "numbers": ("document_file", "文件是苹果 Numbers 表格。", "The file is an Apple Numbers document."),
    "opendocument": ("document_file", "文件是 OpenDocument 文档,但不是表格。", "It is an OpenDocument, but no sheet."),
    "picture": ("picture_file", "文件是图片,不是表格。", "The file is a picture, not a table."),
    "xlsb": ("binary_workbook", "文件是二进制工作簿(.xlsb)。", "The file is a binary workbook (.xlsb)."),
    "wps": ("wps_file", "文件是 WPS 自有格式,不是 Excel 格式。", "The file is in a format of WPS's own, not Excel's."),
    "rar": ("foreign_archive", "文件是 RAR 压缩包。", "The file is a RAR archive."),
    "7z": ("foreign_archive", "文件是 7z 压缩包。", "The file is a 7z archive."),
    "gzip": ("foreign_archive", "文件是 gzip 压缩文件。", "The file is compressed by gzip."),
}
REMEDIES = {
    "document_file": (
        "请把表格填到规定格式的 .xlsx 中再报,不要报扫描件或文档。",
        "Fill the table into an .xlsx of the prescribed layout; scans and documents cannot be read.",
    ),
    "picture_file": (
        "请把数字填到规定格式的 .xlsx 中再报,不要报照片或截图。",
        "Fill the figures into an .xlsx of the prescribed layout; photographs and screenshots cannot be read.",
    ),
    "foreign_archive": (
        "请解开后直接上报表格,或压缩成 .zip 再报。",
        "Unpack it and send the tables, or pack them as .zip.",
    ),
}


def foreign(kind: str) -> Refusal:
    """A file of another kind; `kind` is a key of FOREIGN."""
    reason, zh, en = FOREIGN[kind]
    return Refusal(reason, zh, en, *REMEDIES.get(reason, SAVE))


def unknown() -> Refusal:
    """Bytes that are none of the kinds."""
    return Refusal(
        "unreadable_file",
        "文件不是 .xlsx、.xls、.ods 工作簿,也不是 .csv 文本或 .zip 压缩包,无法读取。",
        "The file is no .xlsx, .xls or .ods workbook, no .csv text and no .zip archive; it cannot be read.",
        *SAVE,
    )


def empty(whole: bool) -> Refusal:
    """No byte, or no cell that holds anything."""
    if whole:
        return Refusal("empty_file", "文件是空的。", "The file is empty.", "请重新导出后再报。", "Export it again.")
    return Refusal("empty_file", "文件中没有任何数据。", "No cell holds anything.", "请填好后重报。", "Fill it in.")


def damaged(error: object) -> Refusal:
    """A workbook or an archive that its reader cannot make sense of."""
    told = str(error)[:200]
    return Refusal(
        "unreadable_file",
        f"文件已损坏或没有传完整,无法读取({told})。",
        f"The file is damaged or was not transferred whole ({told}).",
        "请在 Excel 或 WPS 中打开原文件,重新另存为 .xlsx 后再报。",
        "Open the original in Excel or WPS, save it again as .xlsx and send it.",
    )


def encrypted() -> Refusal:
    """A workbook or a member of an archive that needs a password."""
    return Refusal(
        "encrypted_file",
        "文件加了密码(打开密码),无法读取。",
        "The file is protected by a password to open it and cannot be read.",
        "请去掉打开密码,另存为 .xlsx 后再报。",
        "Remove the password, save it as .xlsx and send it again.",
    )


def too_large(size: str, cell: str = "") -> Refusal:
    """More cells up to the last one, or more bytes once unpacked, than the site allows."""
    return Refusal(
        "too_large",
        f"工作表太大({size}),多半是很远的地方误填了一个单元格。",
        f"The sheet is too large ({size}); most likely a cell far away was filled by mistake.",
        "请删去表格以外的单元格(选中多余的行和列,右键删除),另存后再报。",
        "Delete what stands outside the table (select the extra rows and columns, delete), save and send it again.",
        cell=cell,
    )


def too_many_bytes(megabytes: int, name: str) -> Refusal:
    """A file, or what it unpacks to, above the limit of that name."""
    return Refusal(
        "too_large",
        f"文件太大(超过 {megabytes} MB,限额 {name})。",
        f"The file is too large (above {megabytes} MB, the limit {name}).",
        "请拆成几个文件上报;确有需要时由站点在 taizhang.toml 的 [limits] 中放宽。",
        f"Send it in parts; where it must be so large, the site raises {name} under [limits] in taizhang.toml.",
    )
